/* SPDX-License-Identifier: MIT */
/* channel.h - the agent's end of the conversation */
#ifndef GUEST_AGENT_CHANNEL_H
#define GUEST_AGENT_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/error.h"
#include "guest/shared/frame.h"

/* The name of the virtio-serial port, given to QEMU by the host. */
#define CHANNEL_PORT "overlayvm"

struct channel {
	int fd; /* owned; -1 before channel_open() */
	bool open;
	struct frame_buffer in;
};

/*
 * Find the port by its name, waiting until the kernel has announced it, and
 * open it. ENODEV if it does not come in time.
 */
int channel_open(struct channel *channel, struct error *err);

/*
 * Wait for the next frame, which must be of this type (EPROTO otherwise;
 * EPIPE if the host has gone). Its payload is valid until the next call.
 */
int channel_expect(struct channel *channel, enum frame_type type,
		   struct frame *frame, struct error *err);

/* Block until the host has closed its end. */
void channel_wait_closed(struct channel *channel);

#endif
