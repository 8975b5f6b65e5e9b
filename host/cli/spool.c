/* SPDX-License-Identifier: MIT */
/* spool.c - see spool.h */
#include "host/cli/spool.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/io.h"

#define BUFFER_SIZE 1048576 /* bytes */

void spool_release(struct spool *spool)
{
	free(spool->buffer);
	digest_state_release(&spool->state);
}

int spool_begin(struct spool *spool, int fd, struct error *err)
{
	spool->fd = fd;
	spool->buffer = malloc(BUFFER_SIZE);
	if (!spool->buffer)
		return error_set(err, ENOMEM, "out of memory");
	return digest_begin(&spool->state, err);
}

int spool_flush(struct spool *spool, struct error *err)
{
	if (digest_add(&spool->state, spool->buffer, spool->used, err) < 0)
		return -1;
	if (io_write(spool->fd, spool->buffer, spool->used) < 0)
		return error_errno(err, "write the tar");
	spool->used = 0;
	return 0;
}

int spool_add(void *context, const void *bytes, size_t size, struct error *err)
{
	struct spool *spool = context;
	const char *from = bytes;

	spool->size += size;
	while (size > 0) {
		size_t room = BUFFER_SIZE - spool->used;
		size_t part = size < room ? size : room;

		memcpy(spool->buffer + spool->used, from, part);
		spool->used += part;
		from += part;
		size -= part;
		if (spool->used == BUFFER_SIZE && spool_flush(spool, err) < 0)
			return -1;
	}
	return 0;
}
