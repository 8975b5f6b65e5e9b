/* SPDX-License-Identifier: MIT */
/* raw.h - the headers of a tar entry, as they stand, whatever they are */
#ifndef HOST_LAYER_RAW_H
#define HOST_LAYER_RAW_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"

#define RAW_BLOCK	   512		 /* bytes */
#define RAW_EXTENSION_MAX  (1024 * 1024) /* bytes; libarchive reads no more */
#define RAW_EXTENSIONS_MAX 16		 /* headers before one entry */
#define RAW_KEY_SIZE	   64		 /* bytes; longer keys are cut */

/* What readers that see only the outcome do not know of. */
enum raw_note {
	RAW_OLD = 1 << 0,	 /* no magic: older than POSIX */
	RAW_GNU = 1 << 1,	 /* GNU tar's magic, long names or numbers */
	RAW_GLOBAL = 1 << 2,	 /* a global pax header */
	RAW_SPARSE = 1 << 3,	 /* a map of holes */
	RAW_FRACTION = 1 << 4,	 /* of a second in its mtime */
	RAW_SOCKET = 1 << 5,	 /* its mode says that it is one */
	RAW_NEEDLESS = 1 << 6,	 /* a pax record that no layer needs: key */
	RAW_MALFORMED = 1 << 7,	 /* pax records that are none: key */
	RAW_TWICE = 1 << 8,	 /* a pax record that is there twice: key */
	RAW_CONTIGUOUS = 1 << 9, /* typeflag '7' */
	RAW_NO_SIZE = 1 << 10,	 /* a size that is no number */
	RAW_TOO_MANY = 1 << 11,	 /* extended headers, or bytes in one */
};

struct raw {
	unsigned int notes; /* of enum raw_note */
	char type;	    /* typeflag; NUL is '0' */
	uint64_t data;	    /* offset of its data in the slice */
	uint64_t size;	    /* bytes of data as they are stored */
	char needless[RAW_KEY_SIZE];
	char malformed[RAW_KEY_SIZE];
	char twice[RAW_KEY_SIZE];
};

/*
 * Read the headers of the entry at that offset of the slice. Checksums are not
 * looked at. Fails with EIO if the slice ends within them, and with what
 * read(2) says.
 */
int raw_read(struct raw *raw, const struct layer_source *source,
	     uint64_t offset, struct error *err);

/* Read a whole block of the slice; as raw_read() fails. */
int raw_block(const struct layer_source *source, uint64_t offset,
	      unsigned char block[RAW_BLOCK], struct error *err);

#endif
