/* SPDX-License-Identifier: MIT */
/* session.c - see session.h */
#include "host/run/session.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* How long a QEMU that has closed the port may take to be gone. */
#define DYING_MS 5000

static int end_with(struct session *session, enum session_end end)
{
	session->end = end;
	return -1;
}

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
	return end_with(session, SESSION_DIED);
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
	ssize_t n;

	limit = deadline_first(limit, session->deadline);
	if (poll(events, COUNT_OF(events), deadline_poll(limit)) < 0 &&
	    errno != EINTR) {
		error_errno(err, "wait for the guest");
		return end_with(session, SESSION_HOST_FAILED);
	}
	if (interrupt_pending(session->interrupt)) {
		error_set(err, EINTR, "interrupted by a signal");
		return end_with(session, SESSION_INTERRUPTED);
	}
	machine_listen(machine);
	if (events[0].revents) {
		n = frame_buffer_fill(&session->in, machine->control);
		if (n > 0)
			return 1;
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			return died(session, err);
	}
	if (events[3].revents && !(events[0].revents & POLLIN))
		return died(session, err);
	if (deadline_passed(session->deadline)) {
		error_set(err, ETIMEDOUT, "timed out");
		return end_with(session, SESSION_TIMEOUT);
	}
	if (deadline_passed(limit)) {
		error_set(err, ETIMEDOUT, "the guest does not answer");
		return end_with(session, SESSION_SILENT);
	}
	return 0;
}

static int next_frame(struct session *session, struct deadline limit,
		      struct frame *frame, struct error *err)
{
	int found;

	while ((found = frame_buffer_next(&session->in, frame, err)) == 0)
		if (take_bytes(session, limit, err) < 0)
			return -1;
	return found < 0 ? end_with(session, SESSION_BROKEN) : 0;
}

static int on_fail(struct session *session, const struct frame *frame,
		   struct error *err)
{
	if (message_read_fail(&session->fail, frame, err) < 0)
		return end_with(session, SESSION_BROKEN);
	error_set(err, session->fail.code, "%s: %s", session->fail.step,
		  session->fail.message);
	return end_with(session, SESSION_AGENT_FAILED);
}

int session_greet(struct session *session, struct deadline limit,
		  struct error *err)
{
	struct frame frame;

	if (next_frame(session, limit, &frame, err) < 0)
		return -1;
	if (frame.type == FRAME_FAIL)
		return on_fail(session, &frame, err);
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

/* Each command makes a layer, but for hooks after the last. */
static size_t layer_count(const struct message_plan *plan)
{
	return plan->commands.layer_each ? plan->commands.lines.count : 1;
}

static int too_early(struct session *session, const char *what,
		     struct error *err)
{
	error_set(err, EPROTO, "the guest sends a layer before %s has run",
		  what);
	return end_with(session, SESSION_BROKEN);
}

/* Has all been done that the layer is to be of? */
static int check_done(struct session *session, const struct message_plan *plan,
		      struct error *err)
{
	bool last = session->layers_done + 1 == layer_count(plan);
	size_t commands =
		last ? plan->commands.lines.count : session->layers_done + 1;
	char what[64];

	for (size_t i = 0; i < HOOK_COUNT; i++) {
		if (!plan->hooks[i].text || session->hook_done[i] ||
		    (i == HOOK_POST_UMOUNT && !last))
			continue;
		(void)snprintf(what, sizeof(what), "hook %s",
			       message_hook_name((enum message_hook)i));
		return too_early(session, what, err);
	}
	if (session->commands_done >= commands)
		return 0;
	(void)snprintf(what, sizeof(what), "command %zu",
		       session->commands_done + 1);
	return too_early(session, what, err);
}

static int begin_layer(struct session *session, const struct message_plan *plan,
		       struct error *err)
{
	if (check_done(session, plan, err) < 0)
		return -1;
	session->collect = session->events.layer(session->events.ctx,
						 session->layers_done, err);
	return session->collect ? 0 : end_with(session, SESSION_HOST_FAILED);
}

/* It is for the user to raise, as it is theirs what the hooks do. */
static int beyond(struct session *session, const char *what, uint64_t limit,
		  const char *unit, const char *option, struct error *err)
{
	error_set(err, EFBIG,
		  "%s more than %" PRIu64 " %s (use a larger --limit %s)", what,
		  limit, unit, option);
	return end_with(session, SESSION_LIMIT);
}

static bool exceeds(uint64_t bytes, uint64_t mib)
{
	return mib != 0 && bytes > mib << 20;
}

static int on_log(struct session *session, const struct frame *frame,
		  struct error *err)
{
	session->logged += frame->length;
	if (exceeds(session->logged, session->limits.log))
		return beyond(session, "hooks have printed",
			      session->limits.log, "MiB", "log", err);
	if (session->events.log)
		session->events.log(session->events.ctx, frame->payload,
				    frame->length);
	return 0;
}

/* What arrives is not the plan's business: DATA without END is no layer. */
static int on_data(struct session *session, const struct message_plan *plan,
		   const struct frame *frame, struct error *err)
{
	if (!session->collect && begin_layer(session, plan, err) < 0)
		return -1;
	if (exceeds(session->collect->size + frame->length,
		    session->limits.layer_size))
		return beyond(session, "the layer has",
			      session->limits.layer_size, "MiB", "layer-size",
			      err);
	if (collect_add(session->collect, frame->payload, frame->length, err) <
	    0)
		return end_with(session, err->code == EFBIG
						 ? SESSION_REFUSED
						 : SESSION_HOST_FAILED);
	return 0;
}

static int note_hook(struct session *session, const struct message_plan *plan,
		     const struct message_hook_result *result,
		     struct error *err)
{
	if (!plan->hooks[result->hook].text ||
	    session->hook_done[result->hook]) {
		error_set(err, EPROTO,
			  "the guest says that hook %s ended, "
			  "which is not running",
			  message_hook_name(result->hook));
		return end_with(session, SESSION_BROKEN);
	}
	session->hook_done[result->hook] = true;
	session->hooks[result->hook] = *result;
	return 0;
}

static int note_command(struct session *session,
			const struct message_plan *plan,
			const struct message_hook_result *result,
			struct error *err)
{
	bool layer_owed = plan->commands.layer_each &&
			  session->layers_done < session->commands_done;

	if (layer_owed || result->command > plan->commands.lines.count ||
	    result->command != session->commands_done + 1) {
		error_set(err, EPROTO,
			  "the guest says that command %u ended, "
			  "which is not running",
			  result->command);
		return end_with(session, SESSION_BROKEN);
	}
	session->commands_done++;
	return 0;
}

static int on_hook(struct session *session, const struct message_plan *plan,
		   const struct frame *frame, struct error *err)
{
	struct message_hook_result result;
	int status;

	if (message_read_hook(&result, frame, err) < 0)
		return end_with(session, SESSION_BROKEN);
	status = result.hook == HOOK_RUN
			 ? note_command(session, plan, &result, err)
			 : note_hook(session, plan, &result, err);
	if (status < 0)
		return -1;
	if (result.status == 0)
		return 0;
	session->hook = result;
	if (result.signal)
		error_set(err, 0, "ended by signal %d (SIG%s)", result.signal,
			  sigabbrev_np(result.signal));
	else
		error_set(err, 0, "exited with status %d", result.status);
	return end_with(session, SESSION_HOOK_FAILED);
}

static int on_text(struct session *session, const struct frame *frame,
		   struct error *err)
{
	char text[1024];
	bool step = frame->type == FRAME_STEP;
	int status = step ? message_read_step(text, sizeof(text), frame, err)
			  : message_read_note(text, sizeof(text), frame, err);
	void (*show)(void *ctx, const char *said) =
		step ? session->events.step : session->events.note;

	if (status < 0)
		return end_with(session, SESSION_BROKEN);
	if (show)
		show(session->events.ctx, text);
	return 0;
}

static int on_end(struct session *session, const struct message_plan *plan,
		  const struct frame *frame, struct error *err)
{
	struct message_end end;
	const struct frame nothing = { .type = FRAME_DATA };

	if (message_read_end(&end, frame, err) < 0)
		return end_with(session, SESSION_BROKEN);
	if (on_data(session, plan, &nothing, err) < 0)
		return -1;
	if (session->limits.layer_entries &&
	    end.entries > session->limits.layer_entries)
		return beyond(session, "the layer has",
			      session->limits.layer_entries, "entries",
			      "layer-entries", err);
	if (collect_finish(session->collect, &end, err) < 0)
		return end_with(session, SESSION_REFUSED);
	session->collect = NULL;
	if (++session->layers_done < layer_count(plan))
		return 0;
	session->end = SESSION_COMPLETE;
	return 1;
}

static int on_census(struct session *session, const struct message_plan *plan,
		     const struct frame *frame, struct error *err)
{
	if (!plan->verify) {
		error_set(err, EPROTO, "the guest says CENSUS unasked");
		return end_with(session, SESSION_BROKEN);
	}
	if (session->events.census(session->events.ctx, frame->payload,
				   frame->length, err) < 0)
		return end_with(session, err->code == EFBIG
						 ? SESSION_REFUSED
						 : SESSION_HOST_FAILED);
	return 0;
}

/* 0 to go on, 1 when all layers are complete, -1 when it is over otherwise. */
static int on_frame(struct session *session, const struct message_plan *plan,
		    const struct frame *frame, struct error *err)
{
	if (session->collect && frame->type != FRAME_DATA &&
	    frame->type != FRAME_END && frame->type != FRAME_FAIL) {
		error_set(err, EPROTO, "the guest says %s within the layer",
			  frame_type_name(frame->type));
		return end_with(session, SESSION_BROKEN);
	}
	switch (frame->type) {
	case FRAME_STEP:
	case FRAME_NOTE:
		return on_text(session, frame, err);
	case FRAME_LOG:
		return on_log(session, frame, err);
	case FRAME_HOOK:
		return on_hook(session, plan, frame, err);
	case FRAME_CENSUS:
		return on_census(session, plan, frame, err);
	case FRAME_DATA:
		return on_data(session, plan, frame, err);
	case FRAME_END:
		return on_end(session, plan, frame, err);
	case FRAME_FAIL:
		return on_fail(session, frame, err);
	default:
		error_set(err, EPROTO, "the guest says %s out of turn",
			  frame_type_name(frame->type));
		return end_with(session, SESSION_BROKEN);
	}
}

static int on_formatted(struct session *session,
			const struct message_prepare *prepare,
			struct error *err)
{
	if (prepare->scratch != SCRATCH_KEEP) {
		error_set(err, EPROTO, "the guest says FORMATTED unasked");
		return end_with(session, SESSION_BROKEN);
	}
	if (session->events.formatted)
		session->events.formatted(session->events.ctx);
	if (frame_send(session->machine->control, FRAME_GO, "{}", 2, err) < 0 &&
	    err->code != EPIPE)
		return end_with(session, SESSION_HOST_FAILED);
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
		return on_text(session, frame, err);
	case FRAME_FORMATTED:
		return on_formatted(session, prepare, err);
	case FRAME_PREPARED:
		return 1;
	case FRAME_FAIL:
		return on_fail(session, frame, err);
	default:
		error_set(err, EPROTO, "the guest says %s, not PREPARED",
			  frame_type_name(frame->type));
		return end_with(session, SESSION_BROKEN);
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
		return on_fail(session, &frame, err);
	error_set(err, EPROTO, "the guest says %s, not READY",
		  frame_type_name(frame.type));
	return end_with(session, SESSION_BROKEN);
}

int session_run(struct session *session, const struct message_plan *plan,
		struct error *err)
{
	const struct deadline never = { 0 };
	struct frame frame;
	int status = 0;

	session->end = SESSION_HOST_FAILED;
	if (message_send_plan(session->machine->control, plan, err) < 0 &&
	    err->code != EPIPE)
		return -1;
	while (status == 0) {
		if (next_frame(session, never, &frame, err) < 0)
			return -1;
		status = on_frame(session, plan, &frame, err);
	}
	return status < 0 ? -1 : 0;
}

void session_release(struct session *session)
{
	frame_buffer_release(&session->in);
}
