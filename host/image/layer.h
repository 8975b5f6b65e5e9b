/* SPDX-License-Identifier: MIT */
/* layer.h - one layer of an image: where it lies, and its verified bytes */
#ifndef HOST_IMAGE_LAYER_H
#define HOST_IMAGE_LAYER_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/compression.h"
#include "host/image/digest.h"
#include "host/image/source.h"
#include "host/image/work.h"

struct image_layer {
	size_t number; /* from 1, the lowest; N of image/N/layer in the guest */
	size_t place;  /* from 0, in the image's own list, repeated ones too */
	char *name;    /* owned; what the image calls it, any bytes but 0 */
	struct digest diff_id;

	/* As it is stored in the image. */
	const struct source *source;  /* the image's */
	uint64_t stored_offset;	      /* bytes */
	uint64_t stored_size;	      /* bytes */
	enum compression compression; /* by its content */
	struct digest stored; /* as the manifest says it; "": it does not */
	char *media_type;     /* owned; the same; NULL: it does not */

	/*
	 * The uncompressed bytes, after image_layer_prepare(). The offset is
	 * a multiple of 512, as extents of disks want it; the size need not
	 * be one. The path is the image's own file where the layer lies
	 * uncompressed in it.
	 */
	char *path;	 /* owned, absolute; NULL before */
	uint64_t offset; /* bytes */
	uint64_t size;	 /* bytes */
};

/*
 * Say where the stored bytes are, and find out how they are compressed. Fails
 * with what read(2) says.
 */
int image_layer_place(struct image_layer *layer, const struct source *source,
		      uint64_t offset, uint64_t size, struct error *err);

/*
 * Verify the layer against its diffID, and its stored bytes against their own
 * digest where that is known, and fill in path, offset and size. A diffID that
 * is "" is filled in as well. What can be read where it lies is; else the
 * bytes go to the file layer-N.tar in work->dir. A layer that is prepared already is left alone. Different layers
 * may be prepared by different threads.
 *
 * EBADMSG if a digest differs; otherwise as expand_run(). Messages begin
 * with "layer N 'NAME'". After a failure no file is left and the layer is as
 * it was.
 */
int image_layer_prepare(struct image_layer *layer,
			const struct image_work *work, struct error *err);

/*
 * A descriptor for the bytes of a prepared layer; the caller closes it, and
 * reads with pread() only, from layer->offset: its position is shared.
 */
int image_layer_open(const struct image_layer *layer, int *fd,
		     struct error *err);

void image_layer_release(struct image_layer *layer);

DEFINE_AUTO(image_layer, image_layer_release)

#endif
