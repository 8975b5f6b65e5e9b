/* SPDX-License-Identifier: MIT */
/* lending.c - see state.h: the user's terminal, lent to the guest */
#include <stdio.h>

#include "host/run/session_terminal.h"
#include "host/run/state.h"

/* Anything else has left the agent at work, or no agent at all. */
static bool is_at_rest(const struct session *session)
{
	return session->end == SESSION_HOOK_FAILED ||
	       session->end == SESSION_AGENT_FAILED;
}

/* The message itself comes when the run is over. */
static void announce(struct run *run, const struct error *cause)
{
	char text[sizeof(cause->msg) + 128];

	run_end_step(run);
	(void)snprintf(text, sizeof(text),
		       "the run has failed (%s); a shell in the guest follows "
		       "('exit' ends it, and so does Ctrl-] three times)",
		       cause->msg);
	run_note(run, text);
}

static void lend(struct run *run)
{
	AUTO(terminal) terminal = TERMINAL_NONE;
	char text[sizeof(struct error) + 32];
	struct error why;

	if (terminal_take(&terminal, &why) == 0 &&
	    session_terminal(&run->session, &terminal, &why) == 0)
		return;
	terminal_release(&terminal);
	(void)snprintf(text, sizeof(text), "--shell-on-failure: %s", why.msg);
	run_note(run, text);
}

int run_lend_shell(struct run *run, struct error *err)
{
	if (!run->plan->shell_on_failure || !is_at_rest(&run->session))
		return -1;
	announce(run, err);
	lend(run);
	if (!interrupt_pending(run->interrupt))
		return -1;
	run->session.end = SESSION_INTERRUPTED;
	return interrupt_refuse(run->interrupt, err);
}
