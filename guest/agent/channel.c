/* SPDX-License-Identifier: MIT */
/* channel.c - see channel.h */
#include "guest/agent/channel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "guest/agent/device.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

int channel_open(struct channel *channel, struct error *err)
{
	char path[DEVICE_PATH_MAX];

	if (device_wait("/sys/class/virtio-ports", "name", CHANNEL_PORT, path,
			err) < 0)
		return error_prefix(err, "find the port '%s'", CHANNEL_PORT);
	channel->fd = open(path, O_RDWR | O_CLOEXEC);
	if (channel->fd < 0)
		return error_errno(err, "open '%s'", path);
	channel->open = true;
	return 0;
}

int channel_expect(struct channel *channel, enum frame_type type,
		   struct frame *frame, struct error *err)
{
	int found;

	while ((found = frame_buffer_next(&channel->in, frame, err)) == 0) {
		ssize_t n = frame_buffer_fill(&channel->in, channel->fd);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, "wait for %s",
					   frame_type_name(type));
		if (n == 0)
			return error_set(err, EPIPE,
					 "wait for %s: the host has gone",
					 frame_type_name(type));
	}
	if (found < 0)
		return error_prefix(err, "wait for %s", frame_type_name(type));
	if (frame->type != type)
		return error_set(err, EPROTO, "wait for %s: the host sent %s",
				 frame_type_name(type),
				 frame_type_name(frame->type));
	return 0;
}

void channel_wait_closed(struct channel *channel)
{
	char byte;

	while (channel->open && io_read(channel->fd, &byte, 1) == 1)
		; /* the host says nothing more; drain what a broken one says */
}
