/* SPDX-License-Identifier: MIT */
/* session_terminal.c - see session_terminal.h */
#include "host/run/session_terminal.h"

#include <errno.h>
#include <poll.h>

#define KEYS_MAX 4096 /* bytes in one KEYS frame */

static int describe(struct session *session, const struct terminal *terminal,
		    struct error *err)
{
	struct message_terminal description;

	terminal_describe(terminal, &description);
	return message_send_terminal(session->machine->control, &description,
				     err);
}

/* 0 to go on, 1 when the shell has ended. */
static int on_frame(struct session *session, const struct terminal *terminal,
		    const struct frame *frame, struct error *err)
{
	switch (frame->type) {
	case FRAME_SCREEN:
		terminal_show(terminal, frame->payload, frame->length);
		return 0;
	case FRAME_LEFT:
		return 1;
	case FRAME_FAIL:
		if (message_read_fail(&session->fail, frame, err) < 0)
			return -1;
		return error_set(err, session->fail.code, "%s: %s",
				 session->fail.step, session->fail.message);
	default:
		return error_set(err, EPROTO, "the guest says %s to a terminal",
				 frame_type_name(frame->type));
	}
}

static int hear(struct session *session, const struct terminal *terminal,
		struct error *err)
{
	ssize_t n = frame_buffer_fill(&session->in, session->machine->control);
	struct frame frame;
	int found;
	int status = 0;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return error_set(err, EPIPE, "the virtual machine has ended");
	while (status == 0 &&
	       (found = frame_buffer_next(&session->in, &frame, err)) != 0)
		status = found < 0 ? -1
				   : on_frame(session, terminal, &frame, err);
	return status;
}

static int pass_keys(struct session *session, struct terminal *terminal,
		     struct error *err)
{
	char keys[KEYS_MAX];
	size_t n = terminal_read(terminal, keys, sizeof(keys));

	if (n == 0)
		return 1;
	return frame_send(session->machine->control, FRAME_KEYS, keys, n, err);
}

static int take_news(struct session *session, struct terminal *terminal,
		     struct error *err)
{
	struct pollfd events[] = {
		{ .fd = session->machine->control, .events = POLLIN },
		{ .fd = terminal->fd, .events = POLLIN },
		{ .fd = terminal->resized, .events = POLLIN },
		{ .fd = session->interrupt->fd, .events = POLLIN },
		{ .fd = session->machine->console, .events = POLLIN },
		{ .fd = session->machine->errors, .events = POLLIN },
	};
	int status = 0;

	if (poll(events, COUNT_OF(events), -1) < 0 && errno != EINTR)
		return error_errno(err, "wait for the guest");
	machine_listen(session->machine);
	if (interrupt_pending(session->interrupt))
		return 1;
	if (events[0].revents)
		status = hear(session, terminal, err);
	if (status == 0 && events[1].revents)
		status = pass_keys(session, terminal, err);
	if (status == 0 && events[2].revents) {
		terminal_note_resize(terminal);
		status = describe(session, terminal, err);
	}
	return status;
}

int session_terminal(struct session *session, struct terminal *terminal,
		     struct error *err)
{
	int status = describe(session, terminal, err);

	while (status == 0)
		status = take_news(session, terminal, err);
	return status < 0 ? -1 : 0;
}
