/* SPDX-License-Identifier: MIT */
/* raw.c - see raw.h */
#include "host/layer/raw.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "host/layer/pax.h"

/* Places in a ustar header (POSIX, pax, "ustar Interchange Format"). */
#define AT_MODE	 100
#define AT_SIZE	 124
#define AT_TYPE	 156
#define AT_MAGIC 257

static const struct {
	int at;
	int size;
} numbers[] = { { 100, 8 },  { 108, 8 }, { 116, 8 }, { 124, 12 },
		{ 136, 12 }, { 329, 8 }, { 337, 8 } };

/* Keys that layers need; each has a bit to tell whether it was there. */
static const char *const needed[] = {
	"path",
	"linkpath",
	"size",
	"uid",
	"gid",
	"mtime",
	"hdrcharset",
	"SCHILY.devmajor",
	"SCHILY.devminor",
	"SCHILY.acl.access",
	"SCHILY.acl.default",
};

/* What the extended headers of one entry have said. */
struct said {
	unsigned int seen; /* bits, as needed[] */
	bool has_size;
	uint64_t size;
	char xattr[256]; /* the last key of an xattr, cut */
};

int raw_block(const struct layer_source *source, uint64_t offset,
	      unsigned char block[RAW_BLOCK], struct error *err)
{
	ssize_t n;

	if (offset > source->size || source->size - offset < RAW_BLOCK)
		return error_set(err, EIO, "it ends within a header");
	n = io_pread(source->fd, block, RAW_BLOCK, source->offset + offset);
	if (n < 0)
		return error_errno(err, "read");
	if (n < RAW_BLOCK)
		return error_set(err, EIO, "it ends within a header");
	return 0;
}

/* Octal digits after spaces, or base-256, as GNU tar writes what is larger. */
static bool read_number(const unsigned char *field, int size, uint64_t *number)
{
	int i = 0;

	*number = 0;
	if (field[0] & 0x80) {
		for (i = 1; i < size; i++)
			*number = *number << 8 | field[i];
		return field[0] == 0x80;
	}
	while (i < size && field[i] == ' ')
		i++;
	for (; i < size && field[i] >= '0' && field[i] <= '7'; i++)
		*number = *number << 3 | (uint64_t)(field[i] - '0');
	return i == size || field[i] == ' ' || field[i] == '\0';
}

static void note_header(struct raw *raw, const unsigned char *block)
{
	uint64_t mode;

	if (memcmp(block + AT_MAGIC, "ustar ", 6) == 0)
		raw->notes |= RAW_GNU;
	else if (memcmp(block + AT_MAGIC, "ustar", 6) != 0)
		raw->notes |= RAW_OLD;
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (block[numbers[i].at] & 0x80)
			raw->notes |= RAW_GNU;
	if (raw->type == 'S')
		raw->notes |= RAW_SPARSE;
	if (raw->type == '7')
		raw->notes |= RAW_CONTIGUOUS;
	/* Old writers put the whole st_mode there. */
	if (read_number(block + AT_MODE, 8, &mode) && S_ISSOCK((mode_t)mode))
		raw->notes |= RAW_SOCKET;
}

static void parse_header(struct raw *raw, const unsigned char *block)
{
	raw->type = (char)(block[AT_TYPE] ? block[AT_TYPE] : '0');
	if (!read_number(block + AT_SIZE, 12, &raw->size))
		raw->notes |= RAW_NO_SIZE;
}

static bool has_key(const struct pax_record *record, const char *key)
{
	return record->key_size == strlen(key) &&
	       memcmp(record->key, key, record->key_size) == 0;
}

static bool has_prefix(const struct pax_record *record, const char *prefix)
{
	return record->key_size >= strlen(prefix) &&
	       memcmp(record->key, prefix, strlen(prefix)) == 0;
}

static void keep_key(char to[RAW_KEY_SIZE], const struct pax_record *record)
{
	(void)snprintf(to, RAW_KEY_SIZE, "%.*s",
		       (int)(record->key_size < RAW_KEY_SIZE
				     ? record->key_size
				     : RAW_KEY_SIZE - 1),
		       record->key);
}

/* Zeros after the point are no fraction. */
static bool has_fraction(const struct pax_record *record)
{
	const char *point = memchr(record->value, '.', record->value_size);
	const char *end = record->value + record->value_size;

	for (const char *at = point ? point + 1 : end; at < end; at++)
		if (*at != '0')
			return true;
	return false;
}

static bool read_size(const struct pax_record *record, uint64_t *size)
{
	*size = 0;
	for (size_t i = 0; i < record->value_size; i++) {
		if (record->value[i] < '0' || record->value[i] > '9' ||
		    *size > INT64_MAX / 10 - 1)
			return false;
		*size = *size * 10 + (uint64_t)(record->value[i] - '0');
	}
	return record->value_size > 0;
}

static void note_needed(struct raw *raw, struct said *said, size_t which,
			const struct pax_record *record)
{
	if (said->seen & 1U << which) {
		raw->notes |= RAW_TWICE;
		keep_key(raw->twice, record);
	}
	said->seen |= 1U << which;
	if (has_key(record, "mtime") && has_fraction(record))
		raw->notes |= RAW_FRACTION;
	if (has_key(record, "size"))
		said->has_size = read_size(record, &said->size);
}

/* Only two in a row are seen to be the same, which is what editors leave. */
static void note_xattr(struct raw *raw, struct said *said,
		       const struct pax_record *record)
{
	char key[sizeof(said->xattr)];

	(void)snprintf(key, sizeof(key), "%.*s",
		       record->key_size < sizeof(key) ? (int)record->key_size
						      : (int)sizeof(key) - 1,
		       record->key);
	if (strcmp(key, said->xattr) == 0) {
		raw->notes |= RAW_TWICE;
		keep_key(raw->twice, record);
	}
	memcpy(said->xattr, key, sizeof(key));
}

static void note_record(struct raw *raw, struct said *said,
			const struct pax_record *record)
{
	if (!has_prefix(record, PAX_XATTR) &&
	    memchr(record->value, '\0', record->value_size)) {
		raw->notes |= RAW_MALFORMED;
		keep_key(raw->malformed, record);
	}
	if (has_prefix(record, PAX_XATTR)) {
		note_xattr(raw, said, record);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(needed); i++)
		if (has_key(record, needed[i])) {
			note_needed(raw, said, i, record);
			return;
		}
	if (has_prefix(record, "GNU.sparse.")) {
		raw->notes |= RAW_SPARSE;
		return;
	}
	raw->notes |= RAW_NEEDLESS;
	keep_key(raw->needless, record);
}

static int read_records(struct raw *raw, struct said *said,
			const struct layer_source *source, uint64_t offset,
			struct error *err)
{
	autofree char *bytes = malloc(raw->size + 1);
	const char *at = bytes;
	struct pax_record record;
	size_t left = raw->size;
	ssize_t n;
	int more;

	if (!bytes)
		return error_errno(err, "read a pax header");
	n = io_pread(source->fd, bytes, left, source->offset + offset);
	if (n < 0)
		return error_errno(err, "read");
	if ((size_t)n < left)
		return error_set(err, EIO, "it ends within a header");
	while ((more = pax_next(&at, &left, &record)) > 0)
		note_record(raw, said, &record);
	if (more < 0) {
		raw->notes |= RAW_MALFORMED;
		(void)strcpy(raw->malformed, "?");
	}
	return 0;
}

static bool is_extension(char type)
{
	return type == 'x' || type == 'g' || type == 'X' || type == 'L' ||
	       type == 'K';
}

/* One extended header, which raw->type and raw->size are of. */
static int read_extension(struct raw *raw, struct said *said,
			  const struct layer_source *source, uint64_t offset,
			  struct error *err)
{
	if (raw->type == 'g')
		raw->notes |= RAW_GLOBAL;
	if (raw->type == 'L' || raw->type == 'K')
		raw->notes |= RAW_GNU;
	if (raw->type != 'x')
		return 0;
	return read_records(raw, said, source, offset, err);
}

int raw_read(struct raw *raw, const struct layer_source *source,
	     uint64_t offset, struct error *err)
{
	unsigned char block[RAW_BLOCK];
	struct said said = { 0 };

	*raw = (struct raw){ 0 };
	for (int i = 0; i <= RAW_EXTENSIONS_MAX; i++) {
		if (raw_block(source, offset, block, err) < 0)
			return -1;
		parse_header(raw, block);
		offset += RAW_BLOCK;
		if (!is_extension(raw->type))
			break;
		if (i == RAW_EXTENSIONS_MAX || raw->size > RAW_EXTENSION_MAX) {
			raw->notes |= RAW_TOO_MANY;
			return 0;
		}
		if (read_extension(raw, &said, source, offset, err) < 0)
			return -1;
		offset += (raw->size + RAW_BLOCK - 1) / RAW_BLOCK * RAW_BLOCK;
	}
	note_header(raw, block);
	if (said.has_size)
		raw->size = said.size;
	raw->data = offset;
	return 0;
}
