/* SPDX-License-Identifier: MIT */
/* docker_archive.h - what `docker save` writes, old form and new */
#ifndef HOST_IMAGE_DOCKER_ARCHIVE_H
#define HOST_IMAGE_DOCKER_ARCHIVE_H

#include "guest/shared/error.h"
#include "host/image/docker_manifest.h"
#include "host/image/image.h"
#include "host/image/tarfile.h"
#include "host/image/work.h"

/*
 * Fill *image, in which only the path is set, from an archive that has a
 * manifest.json: of Docker before 25, skopeo, podman and Nix (HEX.json,
 * ID/layer.tar, HEX.tar, some of them symlinks), and of Docker 25 and later
 * (blobs/sha256/HEX, beside an OCI index, which must not say otherwise:
 * docker_agreement.h).
 *
 * `wanted` is as in choice_make(). If it is NULL and there are several images,
 * work->warn hears of it. On success *file has given its
 * source to the image; on failure *image may be half filled, to be released.
 */
int docker_archive_load(struct image *image, struct tarfile *file,
			const char *wanted, const struct image_work *work,
			struct error *err);

#endif
