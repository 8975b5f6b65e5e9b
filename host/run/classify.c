/* SPDX-License-Identifier: MIT */
/* classify.c - see state.h: what kind of failure it was, and its cure */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "host/jail/jail.h"
#include "host/run/lack.h"
#include "host/run/state.h"

#define ROOM_MIN RUN_MIB /* bytes; below it nothing was left to write */

static void name_phase(struct run_result *result,
		       const struct message_hook_result *hook)
{
	if (hook->hook == HOOK_RUN)
		(void)snprintf(result->phase, sizeof(result->phase),
			       "command %u", hook->command);
	else
		(void)snprintf(result->phase, sizeof(result->phase), "hook %s",
			       message_hook_name(hook->hook));
}

static bool has_run_hooks(const struct session *session)
{
	bool any = session->commands_done > 0;

	for (size_t i = 0; i < HOOK_COUNT; i++)
		any |= session->hook_done[i];
	return any;
}

/* Is there room for the scratch disk to grow? */
static bool has_room(const struct run *run)
{
	struct statvfs fs;

	return fstatvfs(run->dir.fd, &fs) < 0 ||
	       fs.f_bavail * fs.f_frsize >= ROOM_MIN;
}

static void add_no_room(const struct run *run, struct error *err)
{
	struct error said = *err;

	(void)error_set(err, ENOSPC,
			"%s (no room left in '%s' for the scratch disk: "
			"OVERLAYVM_TMPDIR names another place)",
			said.msg, run->plan->tmpdir);
}

/* What the way a conversation ended says about the class of the failure. */
static void classify_session(struct run *run, struct error *err)
{
	struct run_result *result = run->result;

	switch (run->session.end) {
	case SESSION_HOOK_FAILED:
		result->class = FAILURE_HOOK;
		result->status = run->session.hook.status;
		name_phase(result, &run->session.hook);
		lack_explain_hook(run, err);
		break;
	case SESSION_HOOK_TIMEOUT:
		result->class = FAILURE_TIMEOUT;
		result->status = STATUS_TIMEOUT;
		name_phase(result, &run->session.hook);
		break;
	case SESSION_AGENT_FAILED:
		/* ECHILD is what the agent says of hooks that end the shell. */
		result->class = run->session.fail.code == ECHILD
					? FAILURE_HOOK
					: FAILURE_GUEST;
		if (run->session.fail.code == EIO && !has_room(run)) {
			result->class = FAILURE_HOST;
			result->retryable = true;
			add_no_room(run, err);
		}
		if (run->session.fail.lack != LACK_NOTHING) {
			result->class = has_run_hooks(&run->session)
						? FAILURE_HOOK
						: FAILURE_INPUT;
			lack_explain_fail(run, err);
		}
		break;
	case SESSION_DIED:
	case SESSION_SILENT:
		result->class = FAILURE_GUEST;
		result->retryable = true;
		break;
	case SESSION_LIMIT:
		result->class = FAILURE_HOOK;
		break;
	case SESSION_BROKEN:
	case SESSION_REFUSED:
		result->class = FAILURE_GUEST;
		break;
	case SESSION_COMPLETE:
	case SESSION_TIMEOUT:
	case SESSION_INTERRUPTED:
	case SESSION_HOST_FAILED:
		break; /* as the phase says, or as classify() sees it */
	}
}

static bool is_shortage(int code)
{
	return code == ENOSPC || code == EDQUOT || code == ENOMEM ||
	       code == EMFILE || code == ENFILE || code == EAGAIN;
}

void run_classify(struct run *run, const char *phase, enum failure_class class,
		  struct error *err)
{
	struct run_result *result = run->result;

	result->class = class;
	result->status = STATUS_FAILED;
	(void)snprintf(result->phase, sizeof(result->phase), "%s", phase);
	if (run->session.machine)
		classify_session(run, err);
	if (result->class == FAILURE_GUEST && !result->console)
		result->console = strdup(run->machine.console_tail.bytes);
	/* Whatever it reads, a reader neither crashes nor hangs. */
	if (jail_is_mistake(err->code))
		result->class = FAILURE_INTERNAL;
	/* What the guest is short of, another host does not have. */
	if (result->class != FAILURE_GUEST && result->class != FAILURE_HOOK &&
	    run->session.end != SESSION_AGENT_FAILED &&
	    is_shortage(err->code)) {
		result->class = FAILURE_HOST;
		result->retryable = true;
	}
	if (interrupt_pending(run->interrupt)) {
		result->class = FAILURE_CANCELLED;
		(void)interrupt_refuse(run->interrupt, err);
	} else if (deadline_passed(run->deadline) &&
		   result->class != FAILURE_HOOK &&
		   run->session.end != SESSION_HOOK_TIMEOUT) {
		result->class = FAILURE_TIMEOUT;
		result->status = STATUS_TIMEOUT;
		error_set(err, ETIMEDOUT,
			  "timed out after %" PRIu64 " s (--timeout)",
			  run->plan->timeout);
	}
	if (failure_is_infra(result->class) && run->plan->infra_exit)
		result->status = (int)run->plan->infra_exit;
}
