/* SPDX-License-Identifier: MIT */
/* kernel_cure.h - the commands that get a kernel, or what one lacks */
#ifndef IMAGES_KERNEL_CURE_H
#define IMAGES_KERNEL_CURE_H

#include "guest/shared/error.h"
#include "images/distribution.h"
#include "images/kernel.h"

/*
 * For a kernel with that version and root (NULL: none is known, and this
 * machine's). NEED_KERNEL gets another one, as this machine's distribution has
 * it; NEED_THIS_KERNEL and NEED_MODULES get what whoever makes kernels with
 * such versions calls it, or, if the version does not tell, the same as
 * NEED_KERNEL and words. On a system whose apt has no lists of packages, as
 * in a container, it begins with the command that fetches them.
 */
void kernel_cure(char cure[DISTRIBUTION_CURE], enum need need,
		 const struct kernel *kernel);

/* The same for the kernel that is at `path`, whose version that tells. */
void kernel_cure_of_path(char cure[DISTRIBUTION_CURE], const char *path,
			 const char *root);

/* Set *err to: `path` is a kernel that only root reads (Ubuntu's). EACCES. */
int kernel_locked(const char *path, const char *root, struct error *err);

#endif
