/* SPDX-License-Identifier: MIT */
/* draft.h - an image that is to be written, in whatever form */
#ifndef HOST_IMAGE_DRAFT_H
#define HOST_IMAGE_DRAFT_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/blob.h"
#include "host/image/config_edit.h"
#include "host/image/image.h"
#include "host/image/work.h"

/* Borrows from the image and the additions that it was made of. */
struct draft {
	struct image_blob manifest;
	struct image_blob config;
	struct image_blob *layers; /* owned; lowest first, one may come twice */
	size_t layer_count;
	size_t base_count;    /* how many of them are the base's */
	char *manifest_bytes; /* owned */
	char *config_bytes;   /* owned; NULL: the base's own */
	int *opened;	      /* owned, as each is: files of layers */
	size_t opened_count;
};

/*
 * Put together the image that `base` (NULL: nothing) becomes by the edit. An
 * edit that changes nothing keeps the config as it is, to the byte, and the
 * manifest too if it is OCI's and speaks of the same layers.
 *
 * Layers of the base are taken as they are stored. One that is compressed is
 * decompressed once, to see that it has its diffID; one that is compressed by
 * xz or bzip2, for which OCI has no name, is prepared, and stored uncompressed.
 *
 * The manifest's annotations name the base, by its name, if that is one to be
 * found by, and by the digest of the manifest that it would have itself.
 *
 * Fails as config_edit() and image_prepare_layer() do, and with ENOMEM;
 * messages begin with "image 'PATH'" where it is the base's fault.
 */
int draft_make(struct draft *draft, struct image *base,
	       const struct config_edit *edit, const struct image_work *work,
	       struct error *err);

void draft_release(struct draft *draft);

DEFINE_AUTO(draft, draft_release)

#endif
