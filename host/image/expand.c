/* SPDX-License-Identifier: MIT */
/* expand.c - see expand.h */
#include "host/image/expand.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "host/jail/jail.h"

#define BUFFER_SIZE (1024 * 1024) /* bytes */

/* All that a run keeps. */
struct pump {
	const struct expand *expand;
	const struct image_work *work;
	struct jail *jail;	    /* of the decompressor */
	struct digest_state digest; /* released by expand_run() */
	struct digest_state stored; /* the same; of what is compressed */
	uint8_t *buffer;	    /* owned by expand_run() */
	uint64_t taken;		    /* stored bytes that were read */
	uint64_t told;		    /* ... and that advance() knows of */
	uint64_t given;		    /* bytes that came out */
	uint64_t limit;
	bool is_hashed;
	int out; /* -1: none */
};

static void release_reader(struct archive **reader)
{
	(void)archive_read_free(*reader);
}

#define autoreader __attribute__((cleanup(release_reader)))

/* Returns 0 at the end of the run, -1 with errno. */
static ssize_t take(struct pump *pump)
{
	uint64_t left = pump->expand->size - pump->taken;
	size_t want = left < BUFFER_SIZE ? (size_t)left : BUFFER_SIZE;
	ssize_t n = io_pread(pump->expand->in, pump->buffer, want,
			     pump->expand->offset + pump->taken);

	struct error ignored;

	if (n <= 0)
		return n;
	pump->taken += (uint64_t)n;
	if (pump->stored.context &&
	    digest_add(&pump->stored, pump->buffer, (size_t)n, &ignored) < 0) {
		errno = EIO;
		return -1;
	}
	return n;
}

static ssize_t take_for_archive(struct archive *reader, void *context,
				const void **bytes)
{
	struct pump *pump = context;
	ssize_t n = take(pump);

	if (n < 0)
		archive_set_error(reader, errno, "%s", strerror(errno));
	*bytes = pump->buffer;
	return n;
}

static uint64_t news(struct pump *pump)
{
	uint64_t bytes = pump->taken - pump->told;

	pump->told = pump->taken;
	return bytes;
}

static int give(void *context, const void *bytes, size_t size,
		struct error *err)
{
	struct pump *pump = context;

	if (size > pump->limit - pump->given)
		return error_set(err, EFBIG,
				 "decompresses to more than the limit of "
				 "%" PRIu64 " bytes",
				 pump->limit);
	pump->given += size;

	if (pump->is_hashed && digest_add(&pump->digest, bytes, size, err) < 0)
		return -1;
	if (pump->out >= 0 && io_write(pump->out, bytes, size) < 0)
		return error_errno(err, "write '%s/%s'", pump->work->dir_path,
				   pump->expand->out);
	return 0;
}

static int copy(struct pump *pump, struct error *err)
{
	const struct image_work *work = pump->work;

	while (pump->taken < pump->expand->size) {
		ssize_t n = take(pump);

		if (n < 0)
			return error_errno(err, "read");
		if (n == 0)
			return error_set(err, EINVAL,
					 "ends after %" PRIu64 " of %" PRIu64
					 " bytes",
					 pump->taken, pump->expand->size);
		if (give(pump, pump->buffer, (size_t)n, err) < 0)
			return -1;
		if (work->advance &&
		    work->advance(work->context, news(pump)) != 0)
			return error_set(err, ECANCELED, "cancelled");
	}
	return 0;
}

static int say_damaged(const struct pump *pump, struct archive *reader,
		       struct error *err)
{
	const char *why = archive_error_string(reader);
	int code = archive_errno(reader);

	/* libarchive's own codes are negative, or EILSEQ for bad data. */
	return error_set(err, code == EIO || code == ENOMEM ? code : EINVAL,
			 "decompress %s data: %s",
			 compression_name(pump->expand->compression),
			 why ? why : "damaged");
}

/*
 * The filter is appended and not merely supported: libarchive would otherwise
 * go on guessing, and take a second compression off as well.
 */
static int open_reader(struct pump *pump, struct archive *reader,
		       struct error *err)
{
	int filter = compression_filter(pump->expand->compression);

	if (archive_read_support_format_raw(reader) != ARCHIVE_OK ||
	    archive_read_support_format_empty(reader) != ARCHIVE_OK ||
	    archive_read_append_filter(reader, filter) != ARCHIVE_OK ||
	    archive_read_open(reader, pump, NULL, take_for_archive, NULL) !=
		    ARCHIVE_OK)
		return say_damaged(pump, reader, err);

	/* What fails in its first block is an empty file to libarchive. */
	if (archive_errno(reader) != 0)
		return say_damaged(pump, reader, err);
	return 0;
}

static int tell(struct pump *pump, struct error *err)
{
	if (jail_tick(pump->jail, news(pump)) < 0)
		return error_errno(err, "tell");
	return 0;
}

/* In the jail: what comes out of it is counted and hashed where it cannot
 * reach, or a layer could pass for another. */
static int decompress_inside(struct jail *jail, void *context,
			     struct error *err)
{
	struct pump *pump = context;
	autoreader struct archive *reader = archive_read_new();
	struct archive_entry *entry;
	const void *bytes;
	size_t size;
	la_int64_t at;
	int r;

	pump->jail = jail;
	if (!reader)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (open_reader(pump, reader, err) < 0)
		return -1;

	r = archive_read_next_header(reader, &entry);
	while (r == ARCHIVE_OK) {
		r = archive_read_data_block(reader, &bytes, &size, &at);
		if (r == ARCHIVE_OK && (jail_put(jail, bytes, size, err) < 0 ||
					tell(pump, err) < 0))
			return -1;
	}
	if (r != ARCHIVE_EOF)
		return say_damaged(pump, reader, err);

	/* What follows the compressed data is read no further. */
	pump->taken = pump->expand->size;
	return tell(pump, err);
}

static int decompress(struct pump *pump, struct error *err)
{
	const struct image_work *work = pump->work;
	const struct jail_work inside = {
		.what = "compressed data",
		.work = decompress_inside,
		.context = pump,
		.fds = &pump->expand->in,
		.fd_count = 1,
		.take = give,
		.take_context = pump,
		.advance = work->advance,
		.advance_context = work->context,
	};
	AUTO(jail_result) nothing = { 0 };

	return jail_run(&inside, &nothing, err);
}

static int check_stored(const struct pump *pump, const struct digest *found,
			struct error *err)
{
	const struct digest *stored = pump->expand->stored;

	if (!stored || digest_equal(found, stored))
		return 0;
	return error_set(err, EBADMSG,
			 "content is sha256:%s, its descriptor says sha256:%s",
			 found->hex, stored->hex);
}

/*
 * That bytes are the wrong ones says more than how they failed to expand. They
 * are read once more, as the jail may say of them what it likes.
 */
static int end_stored(struct pump *pump, int status, struct error *err)
{
	const struct image_work *work = pump->work;
	struct digest digest;
	struct error why;
	ssize_t n;

	if (!pump->stored.context || (status < 0 && err->code != EINVAL))
		return status;
	while ((n = take(pump)) > 0)
		if (work->advance && work->advance(work->context, 0) != 0)
			return error_set(err, ECANCELED, "cancelled");
	if (n < 0)
		return error_errno(err, "read");
	if (digest_end(&pump->stored, &digest, &why) < 0 ||
	    check_stored(pump, &digest, &why) < 0) {
		*err = why;
		return -1;
	}
	return status;
}

static int expand_compressed(struct pump *pump, struct digest *digest,
			     struct error *err)
{
	int status = decompress(pump, err);

	if (pump->expand->stored && digest_begin(&pump->stored, err) < 0)
		return -1;
	if (end_stored(pump, status, err) < 0)
		return -1;
	return pump->is_hashed ? digest_end(&pump->digest, digest, err) : 0;
}

static int expand_plain(struct pump *pump, struct digest *digest,
			struct error *err)
{
	if (copy(pump, err) < 0)
		return -1;
	if (!pump->is_hashed)
		return 0;
	if (digest_end(&pump->digest, digest, err) < 0)
		return -1;
	return check_stored(pump, digest, err);
}

static int run(struct pump *pump, struct digest *digest, struct error *err)
{
	if (pump->is_hashed && digest_begin(&pump->digest, err) < 0)
		return -1;
	return pump->expand->compression == COMPRESSION_NONE
		       ? expand_plain(pump, digest, err)
		       : expand_compressed(pump, digest, err);
}

static uint64_t find_limit(const struct expand *expand,
			   const struct image_work *work)
{
	if (expand->compression == COMPRESSION_NONE)
		return UINT64_MAX;
	return work->limit ? work->limit : IMAGE_LIMIT_DEFAULT;
}

static int create(const struct expand *expand, const struct image_work *work,
		  struct error *err)
{
	int fd = openat(work->dir, expand->out,
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	/* The umask may have taken away even the owner's right to read. */
	if (fd < 0 || fchmod(fd, 0600) < 0) {
		error_errno(err, "create '%s/%s'", work->dir_path, expand->out);
		if (fd >= 0) {
			(void)close(fd);
			(void)unlinkat(work->dir, expand->out, 0);
		}
		return -1;
	}
	return fd;
}

int expand_run(const struct expand *expand, const struct image_work *work,
	       struct digest *digest, uint64_t *size, struct error *err)
{
	autofree uint8_t *buffer = malloc(BUFFER_SIZE);
	autoclose int out = -1;
	struct pump pump = {
		.expand = expand,
		.work = work,
		.buffer = buffer,
		.limit = find_limit(expand, work),
		.is_hashed = digest || expand->stored,
	};
	struct digest unused;
	int r;

	if (!buffer)
		return error_errno(err, "read");
	if (expand->out) {
		out = create(expand, work, err);
		if (out < 0)
			return -1;
	}
	pump.out = out;

	r = run(&pump, digest ? digest : &unused, err);
	digest_state_release(&pump.digest);
	digest_state_release(&pump.stored);
	if (r < 0) {
		if (out >= 0)
			(void)unlinkat(work->dir, expand->out, 0);
		return -1;
	}
	if (size)
		*size = pump.given;
	return 0;
}
