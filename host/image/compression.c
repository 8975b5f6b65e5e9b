/* SPDX-License-Identifier: MIT */
/* compression.c - see compression.h */
#include "host/image/compression.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <archive.h>

#include "guest/shared/cleanup.h"

static const struct {
	const char *name;
	int filter;
} kinds[] = {
	[COMPRESSION_NONE] = { "no", ARCHIVE_FILTER_NONE },
	[COMPRESSION_GZIP] = { "gzip", ARCHIVE_FILTER_GZIP },
	[COMPRESSION_ZSTD] = { "zstd", ARCHIVE_FILTER_ZSTD },
	[COMPRESSION_XZ] = { "xz", ARCHIVE_FILTER_XZ },
	[COMPRESSION_BZIP2] = { "bzip2", ARCHIVE_FILTER_BZIP2 },
};

/* "BZh" and a digit, and what begins the first block or ends the file. */
#define BZIP2_DATA "BZh0\x31\x41\x59\x26\x53\x59"
#define BZIP2_END  "BZh0\x17\x72\x45\x38\x50\x90"
#define BZIP2_MASK "\xff\xff\xff\xf0\xff\xff\xff\xff\xff\xff"

/*
 * A plain tar begins with a name, and that may well begin with "BZh": letters
 * alone are not enough.
 */
static const struct {
	enum compression compression;
	size_t size;
	const char *bytes;
	const char *mask; /* NULL: every bit counts */
} magics[] = {
	{ COMPRESSION_GZIP, 3, "\x1f\x8b\x08", NULL },
	{ COMPRESSION_ZSTD, 4, "\x28\xb5\x2f\xfd", NULL },
	{ COMPRESSION_ZSTD, 4, "\x50\x2a\x4d\x18", "\xf0\xff\xff\xff" },
	{ COMPRESSION_XZ, 6, "\xfd\x37\x7a\x58\x5a\x00", NULL },
	{ COMPRESSION_BZIP2, 10, BZIP2_DATA, BZIP2_MASK },
	{ COMPRESSION_BZIP2, 10, BZIP2_END, BZIP2_MASK },
};

static bool matches(const uint8_t *head, const char *magic, const char *mask,
		    size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t bits = mask ? (uint8_t)mask[i] : 0xff;

		if ((head[i] & bits) != (uint8_t)magic[i])
			return false;
	}
	return true;
}

enum compression compression_of(const void *head, size_t size)
{
	for (size_t i = 0; i < COUNT_OF(magics); i++)
		if (size >= magics[i].size &&
		    matches(head, magics[i].bytes, magics[i].mask,
			    magics[i].size))
			return magics[i].compression;
	return COMPRESSION_NONE;
}

const char *compression_name(enum compression compression)
{
	return kinds[compression].name;
}

int compression_filter(enum compression compression)
{
	return kinds[compression].filter;
}
