/* SPDX-License-Identifier: MIT */
/* guest_build.h - make a guest image */
#ifndef IMAGES_GUEST_BUILD_H
#define IMAGES_GUEST_BUILD_H

#include <stdbool.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/name_list.h"

/* What to make it of; NULL is the default. All is borrowed. */
struct guest_recipe {
	const char *kernel;  /* file or package; OVERLAYVM_KERNEL, or the
				newest of this machine */
	const char *modules; /* directory or package; see kernel_open() */
	const char *agent;   /* the agent; the one beside the program */
	const char *output;  /* directory; a new one in the cache */
};

struct guest_built {
	char *dir;	/* owned; where the image is */
	bool was_there; /* an image of the same things: nothing done */
	struct name_list left_out; /* tools that this machine does not have */
};

/*
 * Make a guest image: a directory with kernel, initramfs and manifest.json
 * that all may read. It is made beside its place and renamed, so that the
 * place never holds a part of one. Fails with EEXIST if `output` is something
 * else than a guest image, and with what kernel_open(), modules_resolve(),
 * tools_add() and the file system say.
 */
int guest_build(struct guest_built *built, const struct guest_recipe *recipe,
		struct error *err);

void guest_built_release(struct guest_built *built);

DEFINE_AUTO(guest_built, guest_built_release)

#endif
