/* SPDX-License-Identifier: MIT */
/* expand.h - read a run of bytes, decompress it, hash it, write it */
#ifndef HOST_IMAGE_EXPAND_H
#define HOST_IMAGE_EXPAND_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/image/compression.h"
#include "host/image/digest.h"
#include "host/image/work.h"

/* What to read, and what to do with it. Owns nothing. */
struct expand {
	int in;		 /* read with pread() */
	uint64_t offset; /* bytes */
	uint64_t size;	 /* bytes, as they are stored */
	enum compression compression;
	const struct digest *stored; /* of these bytes; NULL: not known */
	const char *out; /* file to make in work->dir; NULL: write nothing */
};

/*
 * Exactly one layer of compression is taken off, all members or frames of it.
 * What follows the last gzip or bzip2 member and is none itself is ignored:
 * some generators pad with zeros.
 *
 * The file is made with mode 0600, must not exist, and is removed again on
 * failure. *digest (may be NULL) and *size (may be NULL) are those of the
 * bytes that came out. Compressed input is read in a jail (jail.h); what grows
 * beyond work->limit is refused with EFBIG. ECANCELED if work->advance says so;
 * EINVAL for input that is cut or damaged; EBADMSG if the stored bytes are not
 * those that they should be, whatever else is wrong with them; and what read
 * and write say.
 */
int expand_run(const struct expand *expand, const struct image_work *work,
	       struct digest *digest, uint64_t *size, struct error *err);

#endif
