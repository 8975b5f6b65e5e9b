/* SPDX-License-Identifier: MIT */
/* session.c - see session.h */
#include "host/run/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "host/run/session_frames.h"

/* How long a QEMU that has closed the port may take to be gone. */
#define DYING_MS 5000

/* QEMU has ended. What it had sent may still hold the reason: a FAIL. */
static int died(struct session *session, struct error *err)
{
	char words[400];

	machine_await(session->machine, DYING_MS);
	machine_end(session->machine);
	machine_last_words(session->machine, words, sizeof(words));
	(void)error_set(err, 0,
			"the virtual machine ended before the run was "
			"complete%s%s%s",
			*words ? " (" : "", words, *words ? ")" : "");
	return session_end_with(session, SESSION_DIED);
}

/* -1 if it has taken too long, in whichever way. */
static int judge_times(struct session *session, struct deadline limit,
		       struct error *err)
{
	if (deadline_passed(session->deadline)) {
		error_set(err, ETIMEDOUT, "timed out");
		return session_end_with(session, SESSION_TIMEOUT);
	}
	if (deadline_passed(limit)) {
		error_set(err, ETIMEDOUT, "the guest does not answer");
		return session_end_with(session, SESSION_SILENT);
	}
	switch (watch_judge(&session->watch, err)) {
	case WATCH_HOOK:
		return session_end_with(session, SESSION_HOOK_TIMEOUT);
	case WATCH_GUEST:
		return session_end_with(session, SESSION_SILENT);
	case WATCH_FINE:
		break;
	}
	return 0;
}

/* Take what there is. 1 if it is something, 0 if nothing, -1 if it is over. */
static int hear(struct session *session, struct error *err)
{
	ssize_t n = frame_buffer_fill(&session->in, session->machine->control);

	if (n > 0) {
		watch_guest(&session->watch);
		return 1;
	}
	if (n == 0 || errno == ECONNRESET)
		return died(session, err);
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	error_errno(err, "hear the guest");
	return session_end_with(session, SESSION_HOST_FAILED);
}

/*
 * Wait for bytes from the agent and take them. 1 if there are some, 0 if it
 * was something else, -1 if it is over.
 */
static int take_bytes(struct session *session, struct deadline limit,
		      struct error *err)
{
	struct machine *machine = session->machine;
	struct pollfd events[] = {
		{ .fd = machine->control, .events = POLLIN },
		{ .fd = machine->console, .events = POLLIN },
		{ .fd = machine->errors, .events = POLLIN },
		{ .fd = machine->pidfd, .events = POLLIN },
		{ .fd = session->interrupt->fd, .events = POLLIN },
	};
	struct deadline until;
	int n;

	limit = deadline_first(limit, session->deadline);
	until = deadline_first(limit, watch_next(&session->watch));
	if (poll(events, COUNT_OF(events), deadline_poll(until)) < 0 &&
	    errno != EINTR) {
		error_errno(err, "wait for the guest");
		return session_end_with(session, SESSION_HOST_FAILED);
	}
	if (interrupt_pending(session->interrupt)) {
		(void)interrupt_refuse(session->interrupt, err);
		return session_end_with(session, SESSION_INTERRUPTED);
	}
	machine_listen(machine);
	if (events[0].revents && (n = hear(session, err)) != 0)
		return n;
	if (events[3].revents && !(events[0].revents & POLLIN))
		return died(session, err);
	return judge_times(session, limit, err);
}

static int next_frame(struct session *session, struct deadline limit,
		      struct frame *frame, struct error *err)
{
	int found;

	while ((found = frame_buffer_next(&session->in, frame, err)) == 0)
		if (take_bytes(session, limit, err) < 0)
			return -1;
	return found < 0 ? session_end_with(session, SESSION_BROKEN) : 0;
}

int session_greet(struct session *session, struct deadline limit,
		  struct error *err)
{
	struct frame frame;

	if (next_frame(session, limit, &frame, err) < 0)
		return -1;
	if (frame.type == FRAME_FAIL)
		return session_on_fail(session, &frame, err);
	session->end = SESSION_BROKEN;
	if (frame.type != FRAME_HELLO)
		return error_set(err, EPROTO, "the guest says %s, not HELLO",
				 frame_type_name(frame.type));
	if (message_read_hello(&session->hello, &frame, err) < 0)
		return -1;
	if (session->hello.version != FRAME_VERSION)
		return error_set(err, EPROTO,
				 "the guest image speaks version %u, this "
				 "program version %d (build the guest image "
				 "again: overlayvm guest build)",
				 session->hello.version, FRAME_VERSION);
	return 0;
}

static int make_seed(struct message_seed *seed, struct error *err)
{
	struct timespec now;

	if (getrandom(seed->entropy, sizeof(seed->entropy), 0) !=
	    sizeof(seed->entropy))
		return error_errno(err, "get entropy");
	(void)clock_gettime(CLOCK_REALTIME, &now);
	seed->time_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	return 0;
}

static int on_formatted(struct session *session,
			const struct message_prepare *prepare,
			struct error *err)
{
	if (prepare->scratch != SCRATCH_KEEP) {
		error_set(err, EPROTO, "the guest says FORMATTED unasked");
		return session_end_with(session, SESSION_BROKEN);
	}
	if (session->events.formatted)
		session->events.formatted(session->events.ctx);
	if (frame_send(session->machine->control, FRAME_GO, "{}", 2, err) < 0 &&
	    err->code != EPIPE)
		return session_end_with(session, SESSION_HOST_FAILED);
	return 0;
}

/* 0 to go on, 1 when all is prepared, -1 when it is over. */
static int on_preparation(struct session *session,
			  const struct message_prepare *prepare,
			  const struct frame *frame, struct error *err)
{
	switch (frame->type) {
	case FRAME_STEP:
	case FRAME_NOTE:
		return session_on_text(session, frame, err);
	case FRAME_FORMATTED:
		return on_formatted(session, prepare, err);
	case FRAME_PREPARED:
		return 1;
	case FRAME_FAIL:
		return session_on_fail(session, frame, err);
	default:
		error_set(err, EPROTO, "the guest says %s, not PREPARED",
			  frame_type_name(frame->type));
		return session_end_with(session, SESSION_BROKEN);
	}
}

int session_prepare(struct session *session,
		    const struct message_prepare *prepare,
		    struct deadline limit, struct error *err)
{
	struct frame frame;
	int status = 0;

	session->end = SESSION_HOST_FAILED;
	if (message_send_prepare(session->machine->control, prepare, err) < 0 &&
	    err->code != EPIPE)
		return -1;
	while (status == 0) {
		if (next_frame(session, limit, &frame, err) < 0)
			return -1;
		status = on_preparation(session, prepare, &frame, err);
	}
	return status < 0 ? -1 : 0;
}

int session_seed(struct session *session, struct deadline limit,
		 struct error *err)
{
	struct message_seed seed;
	struct frame frame;

	session->end = SESSION_HOST_FAILED;
	if (make_seed(&seed, err) < 0)
		return -1;
	/* A guest that has gone may have said why: that is still to be read. */
	if (message_send_seed(session->machine->control, &seed, err) < 0 &&
	    err->code != EPIPE)
		return -1;
	if (next_frame(session, limit, &frame, err) < 0)
		return -1;
	if (frame.type == FRAME_READY)
		return 0;
	if (frame.type == FRAME_FAIL)
		return session_on_fail(session, &frame, err);
	error_set(err, EPROTO, "the guest says %s, not READY",
		  frame_type_name(frame.type));
	return session_end_with(session, SESSION_BROKEN);
}

static int send_plan(struct session *session, const struct message_plan *plan,
		     struct error *err)
{
	int fd = session->machine->control;

	if (message_send_plan(fd, plan, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->secrets.count; i++)
		if (frame_send(fd, FRAME_SECRET, session->secrets[i].bytes,
			       session->secrets[i].size, err) < 0)
			return -1;
	return 0;
}

int session_run(struct session *session, const struct message_plan *plan,
		struct error *err)
{
	const struct deadline never = { 0 };
	struct frame frame;
	int status = 0;

	session->end = SESSION_HOST_FAILED;
	if (send_plan(session, plan, err) < 0 && err->code != EPIPE)
		return -1;
	watch_start(&session->watch, &session->limits);
	while (status == 0) {
		if (next_frame(session, never, &frame, err) < 0)
			return -1;
		status = session_on_frame(session, plan, &frame, err);
	}
	return status < 0 ? -1 : 0;
}

void session_release(struct session *session)
{
	frame_buffer_release(&session->in);
}
