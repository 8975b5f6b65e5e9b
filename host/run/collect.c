/* SPDX-License-Identifier: MIT */
/* collect.c - see collect.h */
#include "host/run/collect.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "guest/shared/io.h"

int collect_begin(struct collect *collect, int fd, struct error *err)
{
	*collect = (struct collect){ .fd = fd };
	return digest_begin(&collect->hash, err);
}

int collect_add(struct collect *collect, const void *bytes, size_t size,
		struct error *err)
{
	if (size > COLLECT_SIZE_MAX - collect->size)
		return error_set(err, EFBIG,
				 "the layer has more than %" PRIu64 " bytes",
				 COLLECT_SIZE_MAX);
	if (io_write(collect->fd, bytes, size) < 0)
		return error_errno(err, "write the layer");
	collect->size += size;
	return digest_add(&collect->hash, bytes, size, err);
}

static int compare(const struct collect *collect, const struct message_end *end,
		   struct error *err)
{
	if (collect->size != end->size)
		return error_set(err, EPROTO,
				 "%" PRIu64 " bytes arrived, the guest sent "
				 "%" PRIu64,
				 collect->size, end->size);
	if (strcmp(collect->digest.hex, end->sha256) != 0)
		return error_set(err, EPROTO,
				 "sha256:%s arrived, the guest sent sha256:%s",
				 collect->digest.hex, end->sha256);
	return 0;
}

int collect_finish(struct collect *collect, const struct message_end *end,
		   struct error *err)
{
	struct layer_limits limits = { 0 };

	if (digest_end(&collect->hash, &collect->digest, err) < 0 ||
	    compare(collect, end, err) < 0 ||
	    layer_check(collect->fd, &limits, &collect->summary, err) < 0)
		return -1;
	if (collect->summary.entries != end->entries)
		return error_set(err, EPROTO,
				 "the layer has %" PRIu64 " entries, the guest "
				 "counted %" PRIu64,
				 collect->summary.entries, end->entries);
	return 0;
}

void collect_release(struct collect *collect)
{
	digest_state_release(&collect->hash);
}
