/* SPDX-License-Identifier: MIT */
/* distribution.h - how packages are installed on this machine */
#ifndef IMAGES_DISTRIBUTION_H
#define IMAGES_DISTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>

#define DISTRIBUTION_TEXT                                                      \
	4096		      /* bytes of an os-release(5) that are looked at */
#define DISTRIBUTION_CURE 384 /* bytes of a cure, with the terminator */

/* What overlayvm can lack. */
enum need {
	NEED_QEMU,
	NEED_TAR2SQFS, /* squashfs-tools-ng */
	NEED_PASST,
	NEED_KERNEL,	  /* any that a guest can have */
	NEED_THIS_KERNEL, /* the one of a version */
	NEED_MODULES,	  /* those of a version */
	NEED_COUNT,
};

/*
 * The beginning of the os-release(5) of the system below `root` ("" for this
 * one); "" if there is none.
 */
void distribution_read(char os_release[DISTRIBUTION_TEXT], const char *root);

/* It is one whose commands are known here, by ID or ID_LIKE. */
bool distribution_is_known(const char *os_release);

/*
 * The ID of whoever makes kernels with versions like this one
 * ("6.8.0-41-generic"), as the text of an os-release; "" if it does not tell.
 * Static storage.
 */
const char *distribution_of_kernel(const char *version);

/*
 * The command that installs what is needed, on the system that the text of an
 * os-release(5) describes by ID and ID_LIKE; for NEED_KERNEL the commands that
 * make a guest image of one of its kernels. Static storage. For a system that
 * is not known, words instead of a command.
 */
const char *distribution_cure(const char *os_release, enum need need);

/*
 * The same for what is of a kernel's version, as uname -r says it. A version
 * that is no plain word is left alone: then it is the cure for NEED_KERNEL.
 */
void distribution_cure_of(char cure[DISTRIBUTION_CURE], const char *os_release,
			  enum need need, const char *version);

#endif
