/* SPDX-License-Identifier: MIT */
/* addition.h - a new layer that is to go on top of an image */
#ifndef HOST_IMAGE_ADDITION_H
#define HOST_IMAGE_ADDITION_H

#include <stdint.h>

#include "host/image/compression.h"
#include "host/image/digest.h"

/* Owns nothing. */
struct image_addition {
	int fd;			      /* read with pread() only */
	uint64_t offset;	      /* bytes */
	uint64_t size;		      /* bytes, as it is stored */
	enum compression compression; /* none, gzip or zstd */
	struct digest digest;	      /* of the stored bytes */
	struct digest diff_id;
	const char *created_by; /* for the history; any bytes */
};

#endif
