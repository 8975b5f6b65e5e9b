/* SPDX-License-Identifier: MIT */
/* compress.h - a layer as it is stored: the same bytes for the same layer */
#ifndef HOST_LAYER_COMPRESS_H
#define HOST_LAYER_COMPRESS_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/image/compression.h"
#include "host/image/digest.h"
#include "host/layer/growing.h"

/* A file with a layer, as images refer to it. */
struct stored {
	enum compression compression;
	struct digest digest; /* of the file */
	uint64_t size;	      /* bytes of the file */
};

/*
 * Compress `layer` into the file `fd`, from its present offset, as it comes:
 * returns when all is written. What the same libraries make of the same layer
 * is the same: the header has no time and no name, and one thread does it.
 * COMPRESSION_GZIP or COMPRESSION_ZSTD, at the usual level of each; any other
 * is EINVAL. ECANCELED if the layer is abandoned; ENOMEM, and what read(2) and
 * write(2) say.
 */
int compress_layer(const struct growing *layer, enum compression compression,
		   int fd, struct stored *stored, struct error *err);

#endif
