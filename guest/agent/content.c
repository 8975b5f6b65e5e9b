/* SPDX-License-Identifier: MIT */
/* content.c - see content.h */
#include "guest/agent/content.h"

#include <stdint.h>

#include "guest/shared/io.h"

#define CHUNK 262144 /* bytes: 256 KiB */

struct copy {
	struct tar *tar;
	char *buffer; /* CHUNK + 1 bytes */
	int fd;
	uint64_t size; /* of the file, bytes */
};

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static int write_zeros(const struct copy *copy, uint64_t count,
		       struct error *err)
{
	static const char zeros[CHUNK];

	while (count > 0) {
		size_t size = (size_t)least(count, sizeof(zeros));

		if (tar_data(copy->tar, zeros, size, err) < 0)
			return -1;
		count -= size;
	}
	return 0;
}

/* At the end of the file one byte more is asked for: it must not be there. */
static int write_range(const struct copy *copy, uint64_t from, uint64_t to,
		       struct error *err)
{
	while (from < to) {
		size_t size = (size_t)least(to - from, CHUNK);
		size_t more = from + size == copy->size ? 1 : 0;
		ssize_t n = io_pread(copy->fd, copy->buffer, size + more, from);

		if (n < 0)
			return error_errno(err, "read");
		if ((size_t)n < size)
			return error_set(err, EIO,
					 "the file became shorter "
					 "while it was read");
		if ((size_t)n > size)
			return error_set(err, EIO,
					 "the file became longer "
					 "while it was read");
		if (tar_data(copy->tar, copy->buffer, size, err) < 0)
			return -1;
		from += size;
	}
	return 0;
}

static int write_sparse(const struct copy *copy, struct error *err)
{
	uint64_t at = 0;

	while (at < copy->size) {
		off_t data = lseek(copy->fd, (off_t)at, SEEK_DATA);
		off_t hole;

		if (data < 0 && errno == ENXIO) /* a hole up to the end */
			data = (off_t)copy->size;
		if (data < 0)
			return error_errno(err, "seek");
		if (write_zeros(copy, least((uint64_t)data, copy->size) - at,
				err) < 0)
			return -1;
		at = least((uint64_t)data, copy->size);
		if (at == copy->size)
			return 0;
		hole = lseek(copy->fd, data, SEEK_HOLE);
		if (hole < 0)
			return error_errno(err, "seek");
		if (write_range(copy, at, least((uint64_t)hole, copy->size),
				err) < 0)
			return -1;
		at = least((uint64_t)hole, copy->size);
	}
	return 0;
}

int content_write(struct content *content, struct tar *tar, int fd,
		  const struct stat *st, struct error *err)
{
	struct copy copy = { .tar = tar,
			     .fd = fd,
			     .size = (uint64_t)st->st_size };

	if (!content->buffer)
		content->buffer = malloc(CHUNK + 1);
	if (!content->buffer)
		return error_errno(err, "read");
	copy.buffer = content->buffer;
	if (st->st_blocks < st->st_size / 512)
		return write_sparse(&copy, err);
	return write_range(&copy, 0, copy.size, err);
}

void content_release(struct content *content)
{
	free(content->buffer);
	*content = (struct content){ 0 };
}
