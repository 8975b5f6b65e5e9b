/* SPDX-License-Identifier: MIT */
/* guest_parts.h - a guest image in memory, before it is written anywhere */
#ifndef IMAGES_GUEST_PARTS_H
#define IMAGES_GUEST_PARTS_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/blob.h"
#include "images/guest_build.h"
#include "images/guest_manifest.h"

struct guest_parts {
	struct blob kernel;
	struct blob initramfs;
	struct guest_manifest manifest;
};

/*
 * Put it together, which takes kernel, modules, agent and tools from where
 * the recipe says. The same things give the same bytes, and the same key.
 */
int guest_parts_make(struct guest_parts *parts,
		     const struct guest_recipe *recipe, struct error *err);

void guest_parts_release(struct guest_parts *parts);

DEFINE_AUTO(guest_parts, guest_parts_release)

#endif
