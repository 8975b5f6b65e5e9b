/* SPDX-License-Identifier: MIT */
/* rootfs_tar.h - a whole root file system in one tar, without any image */
#ifndef HOST_IMAGE_ROOTFS_TAR_H
#define HOST_IMAGE_ROOTFS_TAR_H

#include "guest/shared/error.h"
#include "host/image/image.h"
#include "host/image/work.h"

/*
 * Fill *image, in which only the path is set, from what `docker export`,
 * mmdebstrap and the like write, compressed or not. It becomes the only layer,
 * called by the last part of the path, and is prepared at once, as its diffID
 * is not known otherwise. The config is made up: for Linux on this machine,
 * with nothing in it but that layer.
 *
 * EINVAL for what is no tar, and if an image is `wanted`: there are none to
 * choose from; otherwise as source_open() and image_layer_prepare(). On failure
 * *image may be half filled, to be released.
 */
int rootfs_tar_load(struct image *image, const char *wanted,
		    const struct image_work *work, struct error *err);

#endif
