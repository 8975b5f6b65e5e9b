/* SPDX-License-Identifier: MIT */
/* write_archive.h - an image as one tar file, for Docker and for OCI */
#ifndef HOST_IMAGE_WRITE_ARCHIVE_H
#define HOST_IMAGE_WRITE_ARCHIVE_H

#include "guest/shared/error.h"
#include "host/image/draft.h"
#include "host/image/target.h"
#include "host/image/work.h"

/*
 * Write the image to `fd`: an OCI layout as a tar, sorted by name, all of 1970
 * and of root, so that the same image gives the same bytes. One for Docker has
 * manifest.json besides, and `repositories` if it has a name; so Docker of any
 * age reads it, and skopeo, podman, containerd.
 *
 * Layers are verified on the way: EBADMSG. Fails with what writing says too;
 * what was written is of no use then.
 */
int write_archive(int fd, const struct draft *draft,
		  const struct target *target, const struct image_work *work,
		  struct error *err);

#endif
