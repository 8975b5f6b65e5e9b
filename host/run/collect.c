/* SPDX-License-Identifier: MIT */
/* collect.c - see collect.h */
#include "host/run/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/jail/jail.h"

/* How much is written before the disk is set to work. */
#define PUSH (UINT64_C(8) << 20) /* bytes: 8 MiB */

static int check_inside(struct jail *jail, void *context, struct error *err)
{
	const struct collect *collect = context;
	const struct layer_limits limits = {
		.advance = jail_tick,
		.context = jail,
	};
	AUTO(growing) file = { 0 };
	struct layer_summary summary;

	if (growing_follow(&file, collect->fd, collect->socket, jail_tick, jail,
			   err) < 0 ||
	    layer_check_growing(&file, &limits, &summary, err) < 0)
		return -1;
	return jail_put(jail, &summary, sizeof(summary), err);
}

static int is_abandoned(void *context, uint64_t bytes)
{
	const struct collect *collect = context;

	(void)bytes;
	return growing_is_abandoned(&collect->growing);
}

/* libarchive meets what a guest has made: not in this process. */
static int check(void *context, struct error *err)
{
	struct collect *collect = context;
	const int fds[] = { collect->fd, collect->socket };
	const struct jail_work work = {
		.what = "the layer",
		.work = check_inside,
		.context = collect,
		.fds = fds,
		.fd_count = COUNT_OF(fds),
		.result_max = sizeof(collect->summary),
		.advance = is_abandoned,
		.advance_context = collect,
	};
	AUTO(jail_result) result = { 0 };

	if (jail_run(&work, &result, err) < 0)
		return -1;
	if (result.size != sizeof(collect->summary))
		return error_set(err, EPROTO,
				 "the check of the layer ends in "
				 "%zu bytes",
				 result.size);
	memcpy(&collect->summary, result.bytes, result.size);
	return 0;
}

static int compress(void *context, struct error *err)
{
	struct collect *collect = context;

	return compress_layer(&collect->growing, collect->stored.compression,
			      collect->stored_fd, &collect->stored, err);
}

static int start_followers(struct collect *collect, struct error *err)
{
	if (growing_begin(&collect->growing, collect->fd, err) < 0 ||
	    growing_tell(&collect->growing, &collect->socket, err) < 0 ||
	    follower_start(&collect->checking, check, collect, err) < 0)
		return -1;
	if (collect->stored.compression == COMPRESSION_NONE)
		return 0;
	return follower_start(&collect->compressing, compress, collect, err);
}

int collect_begin(struct collect *collect, int fd, enum compression compression,
		  int stored_fd, struct error *err)
{
	*collect = (struct collect){ .fd = fd,
				     .stored_fd = stored_fd,
				     .socket = -1,
				     .stored = { .compression = compression } };
	collect->checksum = XXH64_createState();
	if (!collect->checksum)
		return error_set(err, ENOMEM, "out of memory");
	(void)XXH64_reset(collect->checksum, 0);
	if (digest_begin(&collect->hash, err) < 0)
		return -1;
	return start_followers(collect, err);
}

/*
 * What is on its way to the disk already, fsync(2) need not wait for. That it
 * is not taken by every file system does not matter.
 */
static void push(struct collect *collect)
{
	uint64_t size = collect->size - collect->pushed;

	if (collect->stored_fd >= 0 || size < PUSH)
		return;
	(void)sync_file_range(collect->fd, (off_t)collect->pushed, (off_t)size,
			      SYNC_FILE_RANGE_WRITE);
	collect->pushed = collect->size;
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
	growing_advance(&collect->growing, collect->size);
	push(collect);
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

static int check_entries(const struct collect *collect,
			 const struct message_end *end, struct error *err)
{
	if (collect->summary.entries == end->entries)
		return 0;
	return error_set(err, EPROTO,
			 "the layer has %" PRIu64 " entries, the guest "
			 "counted %" PRIu64,
			 collect->summary.entries, end->entries);
}

int collect_finish(struct collect *collect, const struct message_end *end,
		   struct error *err)
{
	if (digest_end(&collect->hash, &collect->digest, err) < 0 ||
	    compare(collect, end, err) < 0)
		return -1;
	growing_complete(&collect->growing);
	if (follower_join(&collect->checking, err) < 0 ||
	    check_entries(collect, end, err) < 0 ||
	    follower_join(&collect->compressing, err) < 0)
		return -1;
	if (collect->stored.compression == COMPRESSION_NONE) {
		collect->stored.digest = collect->digest;
		collect->stored.size = collect->size;
	}
	return 0;
}

void collect_release(struct collect *collect)
{
	struct error ignored;

	if (collect->growing.state)
		growing_abandon(&collect->growing);
	(void)follower_join(&collect->checking, &ignored);
	(void)follower_join(&collect->compressing, &ignored);
	growing_release(&collect->growing);
	if (collect->socket > 0)
		(void)close(collect->socket);
	collect->socket = -1;
	digest_state_release(&collect->hash);
	(void)XXH64_freeState(collect->checksum);
	collect->checksum = NULL;
}
