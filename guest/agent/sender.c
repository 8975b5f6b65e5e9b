/* SPDX-License-Identifier: MIT */
/* sender.c - see sender.h */
#include "guest/agent/sender.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define XXH_STATIC_LINKING_ONLY /* its state, to have it on the stack */
#include <xxhash.h>

#include "guest/agent/note.h"
#include "guest/agent/scratch.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "guest/shared/tar.h"

/*
 * A virtio-serial port takes 32 KiB of one write(2) (Linux,
 * drivers/char/virtio_console.c): a frame of that size is one transfer. What
 * is small is gathered for it; of what is large no more is copied than goes
 * along with the header.
 */
#define TRANSFER (32 * 1024)			/* bytes, with the header */
#define PAYLOAD	 (TRANSFER - FRAME_HEADER_SIZE) /* bytes */
#define LARGE	 (2 * TRANSFER)			/* bytes */

struct sender {
	int fd;
	enum frame_type type;
	uint64_t size; /* bytes */
	XXH64_state_t hash;
	size_t used; /* bytes of the payload that wait */
	uint8_t frame[TRANSFER];
};

/* Adds to the frame at hand what there is room for. */
static size_t gather(struct sender *sender, const uint8_t *bytes, size_t size)
{
	size_t room = PAYLOAD - sender->used;
	size_t part = size < room ? size : room;

	memcpy(sender->frame + FRAME_HEADER_SIZE + sender->used, bytes, part);
	sender->used += part;
	return part;
}

/* Send the frame at hand, and `size` bytes more that belong to it. */
static int flush(struct sender *sender, const uint8_t *more, size_t size,
		 struct error *err)
{
	struct frame_header header = { sender->type,
				       (uint32_t)(sender->used + size) };

	if (header.length == 0)
		return 0;
	frame_pack(&header, sender->frame);
	if (io_write(sender->fd, sender->frame,
		     FRAME_HEADER_SIZE + sender->used) < 0 ||
	    io_write(sender->fd, more, size) < 0)
		return error_errno(err, "send %s",
				   frame_type_name(sender->type));
	sender->used = 0;
	return 0;
}

static int take(void *ctx, const void *bytes, size_t size, struct error *err)
{
	struct sender *sender = ctx;
	const uint8_t *from = bytes;

	(void)XXH64_update(&sender->hash, from, size);
	sender->size += size;
	while (size > 0) {
		size_t part = gather(sender, from, size);
		size_t more = 0;

		from += part;
		size -= part;
		if (size >= LARGE)
			more = size < FRAME_BYTES_MAX - PAYLOAD
				       ? size
				       : FRAME_BYTES_MAX - PAYLOAD;
		if (sender->used == PAYLOAD &&
		    flush(sender, from, more, err) < 0)
			return -1;
		from += more;
		size -= more;
	}
	return 0;
}

int sender_send(struct agent *agent, struct error *err)
{
	struct sender sender = { .fd = agent->channel.fd, .type = FRAME_DATA };
	const struct tar_sink sink = { take, &sender };
	const struct upper_options options = {
		.has_clamp = agent->plan.has_clamp,
		.clamp = agent->plan.clamp,
		.root = &agent->root,
		.warn = { note_send, agent },
	};
	struct upper_stats stats;
	struct message_end end;
	autoclose int upper = open(AGENT_UPPER, O_PATH | O_DIRECTORY |
							O_NOFOLLOW | O_CLOEXEC);

	if (upper < 0)
		return error_errno(err, "open '%s'", AGENT_UPPER);
	(void)XXH64_reset(&sender.hash, 0);
	if (upper_write(upper, &options, &sink, &stats, err) < 0 ||
	    flush(&sender, NULL, 0, err) < 0)
		return -1;
	/* What was read may not be what was written. */
	if (scratch_check(err) < 0)
		return -1;
	end.size = sender.size;
	end.entries = stats.entries;
	end.xxh64 = XXH64_digest(&sender.hash);
	return message_send_end(agent->channel.fd, &end, err);
}

int sender_send_out(struct agent *agent, struct error *err)
{
	struct sender sender = { .fd = agent->channel.fd, .type = FRAME_OUT };
	const struct tar_sink sink = { take, &sender };
	const struct upper_options options = {
		.warn = { note_send, agent },
	};
	struct upper_stats stats;
	autoclose int out =
		open(AGENT_OUT, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (out < 0)
		return error_errno(err, "open '%s'", AGENT_OUT);
	(void)XXH64_reset(&sender.hash, 0);
	if (upper_write(out, &options, &sink, &stats, err) < 0 ||
	    flush(&sender, NULL, 0, err) < 0)
		return -1;
	return scratch_check(err);
}
