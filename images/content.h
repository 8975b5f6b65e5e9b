/* SPDX-License-Identifier: MIT */
/* content.h - what is in a guest besides its tools */
#ifndef IMAGES_CONTENT_H
#define IMAGES_CONTENT_H

#include "guest/shared/error.h"
#include "images/initramfs.h"
#include "images/modules.h"

/* Directories, links, the console and the few files in /etc. */
int content_add_skeleton(struct initramfs *fs, struct error *err);

/* The agent as /init. EINVAL if it is not a static program for x86_64. */
int content_add_agent(struct initramfs *fs, const char *path,
		      struct error *err);

/*
 * The modules as /lib/modules/NN-NAME.ko. /lib/modules/order names those that
 * every guest loads, a file name a line, in that order; /lib/modules/network
 * those that a guest with a network loads after them. EINVAL for one that is
 * not for this kernel.
 */
int content_add_modules(struct initramfs *fs, const struct modules *modules,
			const struct kernel *kernel, struct error *err);

#endif
