/* SPDX-License-Identifier: MIT */
/* session_frames.c - see session_frames.h */
#include "host/run/session_frames.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int session_end_with(struct session *session, enum session_end end)
{
	session->end = end;
	return -1;
}

int session_on_fail(struct session *session, const struct frame *frame,
		    struct error *err)
{
	if (message_read_fail(&session->fail, frame, err) < 0)
		return session_end_with(session, SESSION_BROKEN);
	error_set(err, session->fail.code, "%s: %s", session->fail.step,
		  session->fail.message);
	return session_end_with(session, SESSION_AGENT_FAILED);
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
	return session_end_with(session, SESSION_BROKEN);
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
	return session->collect
		       ? 0
		       : session_end_with(session, SESSION_HOST_FAILED);
}

/* It is for the user to raise, as it is theirs what the hooks do. */
static int beyond(struct session *session, const char *what, uint64_t limit,
		  const char *unit, const char *option, struct error *err)
{
	error_set(err, EFBIG,
		  "%s more than %" PRIu64 " %s (use a larger --limit %s)", what,
		  limit, unit, option);
	return session_end_with(session, SESSION_LIMIT);
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
	watch_hook_output(&session->watch);
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
		return session_end_with(session, err->code == EFBIG
							 ? SESSION_REFUSED
							 : SESSION_HOST_FAILED);
	if (session->events.sent)
		session->events.sent(session->events.ctx,
				     session->collect->size);
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
		return session_end_with(session, SESSION_BROKEN);
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
		return session_end_with(session, SESSION_BROKEN);
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
		return session_end_with(session, SESSION_BROKEN);
	watch_hook_end(&session->watch);
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
	return session_end_with(session, SESSION_HOOK_FAILED);
}

/* Does a hook or a command begin? From now on its time is measured. */
static void note_begin(struct session *session, const char *step)
{
	struct message_hook_result *hook = &session->hook;
	unsigned command = (unsigned)session->commands_done + 1;
	char name[64];

	for (int i = 0; i < HOOK_COUNT; i++) {
		(void)snprintf(name, sizeof(name), "run hook %s",
			       message_hook_name((enum message_hook)i));
		if (strcmp(step, name) == 0) {
			*hook = (struct message_hook_result){
				.hook = (enum message_hook)i
			};
			watch_hook_begin(&session->watch);
		}
	}
	(void)snprintf(name, sizeof(name), "run command %u", command);
	if (strcmp(step, name) == 0) {
		*hook = (struct message_hook_result){ .hook = HOOK_RUN,
						      .command = command };
		watch_hook_begin(&session->watch);
	}
}

int session_on_text(struct session *session, const struct frame *frame,
		    struct error *err)
{
	char text[1024];
	bool step = frame->type == FRAME_STEP;
	int status = step ? message_read_step(text, sizeof(text), frame, err)
			  : message_read_note(text, sizeof(text), frame, err);
	void (*show)(void *ctx, const char *said) =
		step ? session->events.step : session->events.note;

	if (status < 0)
		return session_end_with(session, SESSION_BROKEN);
	if (step)
		note_begin(session, text);
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
		return session_end_with(session, SESSION_BROKEN);
	if (on_data(session, plan, &nothing, err) < 0)
		return -1;
	if (session->limits.layer_entries &&
	    end.entries > session->limits.layer_entries)
		return beyond(session, "the layer has",
			      session->limits.layer_entries, "entries",
			      "layer-entries", err);
	if (collect_finish(session->collect, &end, err) < 0)
		return session_end_with(session, SESSION_REFUSED);
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
		return session_end_with(session, SESSION_BROKEN);
	}
	if (session->events.census(session->events.ctx, frame->payload,
				   frame->length, err) < 0)
		return session_end_with(session, err->code == EFBIG
							 ? SESSION_REFUSED
							 : SESSION_HOST_FAILED);
	return 0;
}

static int on_out(struct session *session, const struct message_plan *plan,
		  const struct frame *frame, struct error *err)
{
	if (!plan->out) {
		error_set(err, EPROTO, "the guest says OUT unasked");
		return session_end_with(session, SESSION_BROKEN);
	}
	if (session->events.out(session->events.ctx, frame->payload,
				frame->length, err) < 0)
		return session_end_with(session, err->code == EFBIG
							 ? SESSION_LIMIT
							 : SESSION_HOST_FAILED);
	return 0;
}

/* 0 to go on, 1 when all layers are complete, -1 when it is over otherwise. */
int session_on_frame(struct session *session, const struct message_plan *plan,
		     const struct frame *frame, struct error *err)
{
	if (session->collect && frame->type != FRAME_DATA &&
	    frame->type != FRAME_END && frame->type != FRAME_FAIL &&
	    frame->type != FRAME_BEAT) {
		error_set(err, EPROTO, "the guest says %s within the layer",
			  frame_type_name(frame->type));
		return session_end_with(session, SESSION_BROKEN);
	}
	switch (frame->type) {
	case FRAME_BEAT:
		return 0; /* that it came is all */
	case FRAME_STEP:
	case FRAME_NOTE:
		return session_on_text(session, frame, err);
	case FRAME_LOG:
		return on_log(session, frame, err);
	case FRAME_HOOK:
		return on_hook(session, plan, frame, err);
	case FRAME_CENSUS:
		return on_census(session, plan, frame, err);
	case FRAME_OUT:
		return on_out(session, plan, frame, err);
	case FRAME_DATA:
		return on_data(session, plan, frame, err);
	case FRAME_END:
		return on_end(session, plan, frame, err);
	case FRAME_FAIL:
		return session_on_fail(session, frame, err);
	default:
		error_set(err, EPROTO, "the guest says %s out of turn",
			  frame_type_name(frame->type));
		return session_end_with(session, SESSION_BROKEN);
	}
}
