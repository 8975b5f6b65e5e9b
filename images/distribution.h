/* SPDX-License-Identifier: MIT */
/* distribution.h - how packages are installed on this machine */
#ifndef IMAGES_DISTRIBUTION_H
#define IMAGES_DISTRIBUTION_H

#include <stddef.h>

/* What overlayvm can lack. */
enum need {
	NEED_QEMU,
	NEED_TAR2SQFS, /* squashfs-tools-ng */
	NEED_KERNEL,
	NEED_COUNT,
};

/*
 * The command that installs what is needed, on the system that the text of an
 * os-release(5) describes by ID and ID_LIKE; for NEED_KERNEL the commands that
 * make a guest image of one of its kernels. Static storage. For a system that
 * is not known, words instead of a command.
 */
const char *distribution_cure(const char *os_release, enum need need);

#endif
