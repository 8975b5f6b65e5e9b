/* SPDX-License-Identifier: MIT */
/* compression.h - how bytes are compressed, told by their beginning */
#ifndef HOST_IMAGE_COMPRESSION_H
#define HOST_IMAGE_COMPRESSION_H

#include <stddef.h>

enum compression {
	COMPRESSION_NONE,
	COMPRESSION_GZIP,
	COMPRESSION_ZSTD,
	COMPRESSION_XZ,
	COMPRESSION_BZIP2,
};

/* Enough of a file for compression_of() to be sure. */
#define COMPRESSION_HEAD 10 /* bytes */

/*
 * Told by magic numbers, never by names or media types, which lie (Docker 29
 * stores gzip layers under the names of plain ones). A zstd file may begin
 * with a skippable frame. Fewer than COMPRESSION_HEAD bytes may be given.
 */
enum compression compression_of(const void *head, size_t size);

/* "gzip" and so on; "no" for COMPRESSION_NONE. Static storage. */
const char *compression_name(enum compression compression);

/* The ARCHIVE_FILTER_ code of libarchive. */
int compression_filter(enum compression compression);

#endif
