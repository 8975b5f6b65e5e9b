/* SPDX-License-Identifier: MIT */
/* compress.c - see compress.h */
#include "host/layer/compress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/io.h"

#define BLOCK 262144 /* bytes: 256 KiB */

struct compress {
	int fd;
	struct stored *stored;
	struct digest_state digest;
	struct error err;
	bool failed;
};

/* libarchive 3.6 leaks when it is told of a failure: it is told at the end. */
static la_ssize_t put(struct archive *archive, void *context, const void *bytes,
		      size_t size)
{
	struct compress *compress = context;

	(void)archive;
	if (compress->failed)
		return (la_ssize_t)size;
	compress->stored->size += size;
	if (io_write(compress->fd, bytes, size) < 0) {
		(void)error_errno(&compress->err, "write");
		compress->failed = true;
	} else if (digest_add(&compress->digest, bytes, size, &compress->err) <
		   0) {
		compress->failed = true;
	}
	return (la_ssize_t)size;
}

static int archive_failed(struct archive *archive, struct error *err)
{
	const char *why = archive ? archive_error_string(archive) : NULL;

	return error_set(err, archive ? archive_errno(archive) : ENOMEM, "%s",
			 why ? why : strerror(ENOMEM));
}

/* `raw` has one entry, and is nothing but its bytes. */
static int open_archive(struct archive *archive, struct archive_entry *entry,
			struct compress *compress, struct error *err)
{
	if (archive_write_set_format_raw(archive) != ARCHIVE_OK ||
	    archive_write_add_filter(archive,
				     compression_filter(
					     compress->stored->compression)) !=
		    ARCHIVE_OK)
		return archive_failed(archive, err);
	if (compress->stored->compression == COMPRESSION_GZIP &&
	    archive_write_set_filter_option(archive, "gzip", "timestamp",
					    NULL) != ARCHIVE_OK)
		return archive_failed(archive, err);
	if (archive_write_set_bytes_per_block(archive, 0) != ARCHIVE_OK ||
	    archive_write_open2(archive, compress, NULL, put, NULL, NULL) !=
		    ARCHIVE_OK)
		return archive_failed(archive, err);
	archive_entry_set_filetype(entry, AE_IFREG);
	return archive_write_header(archive, entry) == ARCHIVE_OK
		       ? 0
		       : archive_failed(archive, err);
}

static int copy(struct archive *archive, const struct growing *layer,
		struct compress *compress, struct error *err)
{
	autofree char *block = malloc(BLOCK);
	uint64_t at = 0;
	ssize_t n;

	if (!block)
		return error_errno(err, "read the layer");
	while ((n = growing_read(layer, block, BLOCK, at)) > 0) {
		if (archive_write_data(archive, block, (size_t)n) != n)
			return archive_failed(archive, err);
		if (compress->failed)
			break;
		at += (uint64_t)n;
	}
	return n < 0 ? error_errno(err, "read the layer") : 0;
}

static int write_archive(const struct growing *layer, struct compress *compress,
			 struct error *err)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	int status = -1;

	if (!archive || !entry)
		(void)error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	else if (open_archive(archive, entry, compress, err) == 0 &&
		 copy(archive, layer, compress, err) == 0)
		status = archive_write_close(archive) == ARCHIVE_OK
				 ? 0
				 : archive_failed(archive, err);
	archive_entry_free(entry);
	(void)archive_write_free(archive);
	return status;
}

int compress_layer(const struct growing *layer, enum compression compression,
		   int fd, struct stored *stored, struct error *err)
{
	struct compress compress = { .fd = fd, .stored = stored };
	int status;

	*stored = (struct stored){ .compression = compression };
	if (compression != COMPRESSION_GZIP && compression != COMPRESSION_ZSTD)
		return error_set(err, EINVAL, "compress the layer: not as %s",
				 compression_name(compression));
	if (digest_begin(&compress.digest, err) < 0)
		return -1;
	status = write_archive(layer, &compress, err);
	if (status == 0 && compress.failed) {
		*err = compress.err;
		status = -1;
	}
	if (status == 0)
		status = digest_end(&compress.digest, &stored->digest, err);
	digest_state_release(&compress.digest);
	return status < 0 ? error_prefix(err, "compress the layer") : 0;
}
