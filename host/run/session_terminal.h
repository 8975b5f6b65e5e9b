/* SPDX-License-Identifier: MIT */
/* session_terminal.h - a look around in a guest whose run has failed */
#ifndef HOST_RUN_SESSION_TERMINAL_H
#define HOST_RUN_SESSION_TERMINAL_H

#include "host/run/session.h"
#include "host/run/terminal.h"

/*
 * After a failed session_run() whose agent is there and at rest
 * (SESSION_HOOK_FAILED, SESSION_AGENT_FAILED): let the user of the terminal
 * work in a shell of the guest, until it ends, the user leaves, or a signal
 * comes. No limit of time holds. The session stays as it is. Fails, with a
 * message, if the guest does otherwise.
 */
int session_terminal(struct session *session, struct terminal *terminal,
		     struct error *err);

#endif
