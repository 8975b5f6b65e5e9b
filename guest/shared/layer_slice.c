/* SPDX-License-Identifier: MIT */
/* layer_slice.c - see layer_slice.h */
#include "guest/shared/layer_slice.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <archive_entry.h>

#include "guest/shared/io.h"

#define BLOCK_SIZE (UINT64_C(1) << 20) /* bytes */
#define PAGE_SIZE  UINT64_C(4096)      /* bytes */

/* ARCHIVE_ERRNO_FILE_FORMAT of Linux, which libarchive keeps to itself. */
#define UNRECOGNIZED EILSEQ

static int fail_read(struct layer_slice *slice, int code, const char *what)
{
	slice->failed = code;
	archive_set_error(slice->archive, code, "%s", what);
	return ARCHIVE_FATAL;
}

static la_ssize_t read_block(struct archive *archive, void *context,
			     const void **block)
{
	struct layer_slice *slice = context;
	uint64_t left = slice->source.size - slice->position;
	size_t want = left < BLOCK_SIZE ? left : BLOCK_SIZE;
	ssize_t got;

	(void)archive;
	if (want == 0)
		return 0;
	got = io_pread(slice->source.fd, slice->buffer, want,
		       slice->source.offset + slice->position);
	if (got < 0)
		return fail_read(slice, errno, strerror(errno));
	if ((size_t)got < want)
		return fail_read(slice, EIO, "the file is too short");
	slice->position += want;
	if (slice->advance)
		slice->advance(slice->context);
	*block = slice->buffer;
	return got;
}

/* May skip less than is asked for: the rest is read. */
static la_int64_t skip(struct archive *archive, void *context,
		       la_int64_t request)
{
	struct layer_slice *slice = context;
	uint64_t left = slice->source.size - slice->position;
	uint64_t want = (uint64_t)request < left ? (uint64_t)request : left;

	(void)archive;
	want -= want % PAGE_SIZE;
	slice->position += want;
	return (la_int64_t)want;
}

static int open_archive(struct layer_slice *slice, struct error *err)
{
	struct archive *a = slice->archive;

	if (archive_read_support_format_tar(a) != ARCHIVE_OK ||
	    archive_read_set_callback_data(a, slice) != ARCHIVE_OK ||
	    archive_read_set_read_callback(a, read_block) != ARCHIVE_OK ||
	    archive_read_set_skip_callback(a, skip) != ARCHIVE_OK ||
	    archive_read_open1(a) != ARCHIVE_OK) {
		(void)layer_slice_error(slice, err);
		if (archive_errno(a) == UNRECOGNIZED && !slice->failed)
			return error_set(err, EBADMSG, "not a tar archive");
		return error_prefix(err, "open the archive");
	}
	return 0;
}

int layer_slice_open(struct layer_slice *slice,
		     const struct layer_source *source, struct error *err)
{
	*slice = (struct layer_slice){ .source = *source,
				       .advance = slice->advance,
				       .context = slice->context };
	slice->archive = archive_read_new();
	if (!slice->archive ||
	    posix_memalign(&slice->buffer, PAGE_SIZE, BLOCK_SIZE) != 0) {
		layer_slice_release(slice);
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	}
	if (open_archive(slice, err) < 0) {
		layer_slice_release(slice);
		return -1;
	}
	return 0;
}

void layer_slice_release(struct layer_slice *slice)
{
	if (slice->archive)
		(void)archive_read_free(slice->archive);
	free(slice->buffer);
	*slice = (struct layer_slice){ 0 };
}

int layer_slice_header(struct layer_slice *slice, struct archive_entry **entry)
{
	int status = archive_read_next_header(slice->archive, entry);

	slice->data_end = 0;
	slice->sparse = (status == ARCHIVE_OK || status == ARCHIVE_WARN) &&
			archive_entry_sparse_count(*entry) > 0;
	return status;
}

static int check_block(const struct layer_slice *slice, uint64_t size,
		       const struct layer_block *block, struct error *err)
{
	if (block->offset > size || block->size > size - block->offset)
		return error_set(err, EBADMSG,
				 "data at %" PRId64
				 ", beyond its size of %" PRIu64 " bytes",
				 (int64_t)block->offset, size);
	if (block->offset < slice->data_end)
		return error_set(err, EBADMSG,
				 "data at %" PRIu64
				 " behind data up to %" PRIu64,
				 block->offset, slice->data_end);
	return 0;
}

/* SCHILY.realsize can say so, which not all readers know. */
static int check_end(const struct layer_slice *slice, uint64_t size,
		     struct error *err)
{
	if (slice->sparse || slice->data_end == size)
		return 0;
	return error_set(err, EBADMSG,
			 "%" PRIu64 " bytes of data for a size of %" PRIu64,
			 slice->data_end, size);
}

int layer_slice_next(struct layer_slice *slice, uint64_t size,
		     struct layer_block *block, struct error *err)
{
	la_int64_t offset = 0;
	int status = archive_read_data_block(slice->archive, &block->bytes,
					     &block->size, &offset);

	if (status == ARCHIVE_EOF)
		return check_end(slice, size, err);
	if (status != ARCHIVE_OK)
		return layer_slice_error(slice, err);
	block->offset = (uint64_t)offset;
	if (check_block(slice, size, block, err) < 0)
		return -1;
	slice->data_end = block->offset + block->size;
	return 1;
}

/* libarchive's sentences begin with a capital and some end with a full stop. */
int layer_slice_error(const struct layer_slice *slice, struct error *err)
{
	const char *said = archive_error_string(slice->archive);
	int code = EBADMSG;
	size_t end;

	if (slice->failed)
		code = slice->failed;
	else if (archive_errno(slice->archive) == ENOMEM)
		code = ENOMEM;
	(void)error_set(err, code, "%s", said ? said : "malformed tar archive");

	/* Not of strerror()'s messages, which are spelt thus, nor of "GNU". */
	if (!slice->failed && islower((unsigned char)err->msg[1]))
		err->msg[0] = (char)tolower((unsigned char)err->msg[0]);
	end = strlen(err->msg);
	if (end > 0 && err->msg[end - 1] == '.')
		err->msg[end - 1] = '\0';
	return -1;
}
