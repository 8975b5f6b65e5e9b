/* SPDX-License-Identifier: MIT */
/* session_frames.h - what each frame of a run means; for session.c */
#ifndef HOST_RUN_SESSION_FRAMES_H
#define HOST_RUN_SESSION_FRAMES_H

#include "host/run/session.h"

/* Remember why the conversation is over. Returns -1. */
int session_end_with(struct session *session, enum session_end end);

/* FAIL: *err is what the agent says. Returns -1. */
int session_on_fail(struct session *session, const struct frame *frame,
		    struct error *err);

/* STEP or NOTE, for the user. */
int session_on_text(struct session *session, const struct frame *frame,
		    struct error *err);

/*
 * A frame that comes after PLAN. Returns 0 to go on, 1 when all layers are
 * complete, -1 with session->end when it is over otherwise.
 */
int session_on_frame(struct session *session, const struct message_plan *plan,
		     const struct frame *frame, struct error *err);

#endif
