/* SPDX-License-Identifier: MIT */
/* collect.c - see collect.h */
#include "host/run/collect.h"

#include <errno.h>
#include <inttypes.h>

#include "guest/shared/io.h"

int collect_begin(struct collect *collect, int fd, struct error *err)
{
	*collect = (struct collect){ .fd = fd };
	collect->checksum = XXH64_createState();
	if (!collect->checksum)
		return error_set(err, ENOMEM, "out of memory");
	(void)XXH64_reset(collect->checksum, 0);
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
	(void)XXH64_update(collect->checksum, bytes, size);
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
	if (XXH64_digest(collect->checksum) != end->xxh64)
		return error_set(err, EPROTO,
				 "the layer that arrived is not the one that "
				 "the guest sent: its checksum differs");
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
	(void)XXH64_freeState(collect->checksum);
	collect->checksum = NULL;
}
