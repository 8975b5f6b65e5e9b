/* SPDX-License-Identifier: MIT */
/* oci_image.h - an image out of an OCI layout, directory or archive */
#ifndef HOST_IMAGE_OCI_IMAGE_H
#define HOST_IMAGE_OCI_IMAGE_H

#include "guest/shared/error.h"
#include "host/image/image.h"
#include "host/image/tarfile.h"
#include "host/image/work.h"

/*
 * Fill *image, in which only the path is set, from a layout (OCI image-spec,
 * image-layout.md), as Docker, buildx, podman, buildah, skopeo and umoci write
 * it. `wanted` is as in choice_make(). If it is NULL and there are several
 * images for this machine, work->warn hears of it.
 *
 * Index, manifest and config are verified against the digest and the size in
 * the document that leads to them; the layers by size here, and by digest in
 * image_layer_prepare(). On failure *image may be half filled, to be released.
 */
int oci_directory_load(struct image *image, const char *dir, const char *wanted,
		       const struct image_work *work, struct error *err);

/* The same. On success *file has given its source to the image. */
int oci_archive_load(struct image *image, struct tarfile *file,
		     const char *wanted, const struct image_work *work,
		     struct error *err);

#endif
