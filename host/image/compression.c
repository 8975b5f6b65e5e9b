/* SPDX-License-Identifier: MIT */
/* compression.c - see compression.h */
#include "host/image/compression.h"

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

/*
 * A plain tar begins with a name. Those that are shorter than four bytes are
 * told from letters only by what must follow: "BZh" needs more.
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
	{ COMPRESSION_XZ, 6,
	  "\xfd"
	  "7zXZ",
	  NULL },
	{ COMPRESSION_BZIP2, 10,
	  "BZh0"
	  "1AY&SY",
	  "\xff\xff\xff\xf0"
	  "\xff\xff\xff\xff\xff\xff" },
	{ COMPRESSION_BZIP2, 10,
	  "BZh0"
	  "\x17rE8P\x90",
	  "\xff\xff\xff\xf0"
	  "\xff\xff\xff\xff\xff\xff" },
};

static int matches(const uint8_t *head, const char *magic, const char *mask,
		   size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t bits = mask ? (uint8_t)mask[i] : 0xff;

		if ((head[i] & bits) != (uint8_t)magic[i])
			return 0;
	}
	return 1;
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
