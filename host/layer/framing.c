/* SPDX-License-Identifier: MIT */
/* framing.c - see framing.h */
#include "host/layer/framing.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/layer/pax.h"

/* Places in a ustar header (POSIX, pax, "ustar Interchange Format"). */
#define AT_SIZE	 124
#define AT_TYPE	 156
#define AT_MAGIC 257

/* Records other than xattrs; libarchive writes no others for what the agent
 * tells it. */
static const char *const known_keys[] = {
	"path",
	"linkpath",
	"size",
	"uid",
	"gid",
	"mtime",
	"hdrcharset",
	"SCHILY.devmajor",
	"SCHILY.devminor",
};

static int read_block(const struct growing *file, uint64_t offset,
		      unsigned char block[FRAMING_BLOCK], struct error *err)
{
	ssize_t n = growing_read(file, block, FRAMING_BLOCK, offset);

	if (n < 0)
		return error_errno(err, "read");
	if (n < FRAMING_BLOCK)
		return error_set(err, EPROTO, "truncated at byte %" PRIu64,
				 offset + (uint64_t)n);
	return 0;
}

static int parse_header(struct framing *framing,
			const unsigned char block[FRAMING_BLOCK],
			struct error *err)
{
	const unsigned char *digits = block + AT_SIZE;

	if (memcmp(block + AT_MAGIC,
		   "ustar\0"
		   "00",
		   8) != 0)
		return error_set(err, EPROTO, "a header that is not ustar");
	framing->type = (char)block[AT_TYPE];
	framing->size = 0;
	/* Too large a size for this field: it has some makeshift of it. */
	if (framing->pax_size)
		return 0;
	for (int i = 0; i < 11; i++) {
		if (digits[i] < '0' || digits[i] > '7')
			return error_set(err, EPROTO,
					 "a size that is not octal");
		framing->size = framing->size * 8 + (digits[i] - '0');
	}
	if (digits[11] != ' ' && digits[11] != '\0')
		return error_set(err, EPROTO, "a size that is not octal");
	return 0;
}

/* What the records of one pax header have said so far. */
struct records {
	unsigned seen;		/* bits, as known_keys[] */
	const char *last_xattr; /* name, not terminated */
	size_t last_length;
	bool size;
};

static int check_xattr(struct records *records, const char *name, size_t length,
		       struct error *err)
{
	size_t common =
		length < records->last_length ? length : records->last_length;
	int order = -1;

	if (length == 0)
		return error_set(err, EPROTO, "an xattr without a name");
	if (records->last_xattr)
		order = memcmp(records->last_xattr, name, common);
	if (order == 0)
		order = records->last_length < length ? -1 : 1;
	if (order > 0)
		return error_set(err, EPROTO,
				 "xattr '%.*s' is there twice or "
				 "out of order",
				 (int)length, name);
	records->last_xattr = name;
	records->last_length = length;
	return 0;
}

static int check_known(struct records *records, const struct pax_record *record,
		       struct error *err)
{
	size_t i = 0;

	while (i < COUNT_OF(known_keys) &&
	       (strlen(known_keys[i]) != record->key_size ||
		memcmp(known_keys[i], record->key, record->key_size) != 0))
		i++;
	if (i == COUNT_OF(known_keys))
		return error_set(err, EPROTO, "unknown pax record '%.*s'",
				 (int)record->key_size, record->key);
	if (records->seen & 1U << i)
		return error_set(err, EPROTO, "pax record '%s' is there twice",
				 known_keys[i]);
	if (record->value_size == 0) /* to some it says "as in the header" */
		return error_set(err, EPROTO, "pax record '%s' is empty",
				 known_keys[i]);
	if (memchr(record->value, '\0', record->value_size))
		return error_set(err, EPROTO, "NUL in pax record '%s'",
				 known_keys[i]);
	records->seen |= 1U << i;
	if (strcmp(known_keys[i], "size") == 0)
		records->size = true;
	return 0;
}

static int check_record(struct records *records,
			const struct pax_record *record, struct error *err)
{
	size_t prefix = strlen(PAX_XATTR);

	if (record->key_size >= prefix &&
	    memcmp(record->key, PAX_XATTR, prefix) == 0)
		return check_xattr(records, record->key + prefix,
				   record->key_size - prefix, err);
	return check_known(records, record, err);
}

static int check_records(struct framing *framing, const char *pax, size_t size,
			 struct error *err)
{
	struct records records = { 0 };
	struct pax_record record;
	int more;

	while ((more = pax_next(&pax, &size, &record)) > 0)
		if (check_record(&records, &record, err) < 0)
			return -1;
	if (more < 0)
		return error_set(err, EPROTO, "malformed pax record");
	framing->pax_size = records.size;
	return 0;
}

static int read_pax(struct framing *framing, const struct growing *file,
		    uint64_t offset, size_t size, struct error *err)
{
	autofree char *pax = NULL;
	ssize_t n;

	if (size > FRAMING_PAX_MAX)
		return error_set(err, EPROTO,
				 "pax header of %zu bytes, more "
				 "than %d",
				 size, FRAMING_PAX_MAX);
	pax = malloc(size + 1);
	if (!pax)
		return error_errno(err, "read a pax header");
	n = growing_read(file, pax, size, offset);
	if (n < 0)
		return error_errno(err, "read");
	if ((size_t)n < size)
		return error_set(err, EPROTO, "truncated at byte %" PRIu64,
				 offset + (uint64_t)n);
	return check_records(framing, pax, size, err);
}

int framing_read(struct framing *framing, const struct growing *file,
		 uint64_t offset, struct error *err)
{
	unsigned char block[FRAMING_BLOCK];
	struct framing found = { 0 };

	if (read_block(file, offset, block, err) < 0 ||
	    parse_header(&found, block, err) < 0)
		return -1;
	offset += FRAMING_BLOCK;
	if (found.type == 'x') {
		uint64_t size = found.size;

		if (read_pax(&found, file, offset, size, err) < 0)
			return -1;
		offset += (size + FRAMING_BLOCK - 1) / FRAMING_BLOCK *
			  FRAMING_BLOCK;
		if (read_block(file, offset, block, err) < 0 ||
		    parse_header(&found, block, err) < 0)
			return -1;
		offset += FRAMING_BLOCK;
	}
	if (found.type < '0' || found.type > '6')
		return error_set(err, EPROTO, "an entry of type 0x%02x",
				 (unsigned char)found.type);
	found.data = offset;
	*framing = found;
	return 0;
}

int framing_check_end(const struct growing *file, uint64_t offset,
		      struct error *err)
{
	unsigned char block[FRAMING_BLOCK];
	int64_t size;

	for (uint64_t i = 0; i < 2; i++) {
		if (read_block(file, offset + i * FRAMING_BLOCK, block, err) <
		    0)
			return -1;
		for (size_t at = 0; at < sizeof(block); at++)
			if (block[at] != 0)
				return error_set(err, EPROTO,
						 "the end of the "
						 "archive is not zeros");
	}
	offset += UINT64_C(2) * FRAMING_BLOCK;
	size = growing_wait(file, UINT64_MAX);
	if (size < 0)
		return error_errno(err, "read");
	if (offset != (uint64_t)size)
		return error_set(err, EPROTO,
				 "%" PRIu64 " bytes after the end "
				 "of the archive",
				 (uint64_t)size - offset);
	return 0;
}
