/* SPDX-License-Identifier: MIT */
/* blob.h - bytes that become part of an image, known by their digest */
#ifndef HOST_IMAGE_BLOB_H
#define HOST_IMAGE_BLOB_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/image/compression.h"
#include "host/image/digest.h"
#include "host/image/work.h"

/* Owns nothing. */
struct image_blob {
	const char *media_type; /* static storage */
	struct digest digest;	/* "": there is nothing to compare with */
	uint64_t size;		/* bytes */

	/* Where they are: in memory, or in a file, read with pread(). */
	const void *bytes; /* NULL: in the file */
	int fd;
	uint64_t offset; /* bytes */
};

/* Takes the next bytes; 0, or -1 and *err, which ends the reading. */
typedef int image_blob_take(void *context, const void *bytes, size_t size,
			    struct error *err);

/*
 * Give all bytes to `take`, in order. EBADMSG if they are not those of the
 * digest, which is known only at the end: what took them must be dropped then.
 * ECANCELED, and what reading the file says.
 */
int image_blob_read(const struct image_blob *blob, image_blob_take *take,
		    void *context, const struct image_work *work,
		    struct error *err);

/* What the specification calls a layer; NULL for xz and bzip2, which it does
 * not know. Static storage. */
const char *media_type_of_layer(enum compression compression);

#endif
