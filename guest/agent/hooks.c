/* SPDX-License-Identifier: MIT */
/* hooks.c - see hooks.h */
#include "guest/agent/hooks.h"

#include <stdio.h>
#include <unistd.h>

#include "guest/agent/command.h"
#include "guest/agent/process.h"
#include "guest/agent/scratch.h"

static int send_log(void *ctx, const void *bytes, size_t size,
		    struct error *err)
{
	struct agent *agent = ctx;

	return frame_send(agent->channel.fd, FRAME_LOG, bytes, size, err);
}

/* The host ends the machine once it knows of a failure. */
void hooks_flush_kept(const struct agent *agent)
{
	if (agent->plan.keep)
		sync();
}

/* How it ended, and what the guest ran out of, if it failed. */
static int say_end(struct agent *agent, struct message_hook_result *result,
		   unsigned long oom_before, struct error *err)
{
	/* It may have failed for that, and the host can do something about it. */
	if (result->status != 0 && scratch_check(err) < 0)
		return -1;
	if (result->status != 0) {
		result->oom_killed = process_oom_kills() > oom_before;
		result->lack = scratch_lack();
		agent->hook_failed = true;
		hooks_flush_kept(agent);
	}
	if (message_send_hook(agent->channel.fd, result, err) < 0)
		return -1;
	return agent->hook_failed ? -1 : 0;
}

int hooks_run(struct agent *agent, enum message_hook hook, struct error *err)
{
	unsigned long oom_before = process_oom_kills();
	struct message_hook_result result;
	char step[64];

	if (!agent->plan.hooks[hook].text)
		return 0;
	(void)snprintf(step, sizeof(step), "run hook %s",
		       message_hook_name(hook));
	if (message_send_step(agent->channel.fd, step, err) < 0)
		return -1;
	if (shell_run_hook(&agent->shell, hook, send_log, agent, &result, err) <
	    0)
		return -1;
	return say_end(agent, &result, oom_before, err);
}

int hooks_run_command(struct agent *agent, size_t index, struct error *err)
{
	unsigned long oom_before = process_oom_kills();
	struct message_hook_result result;
	char step[64];

	(void)snprintf(step, sizeof(step), "run command %zu", index + 1);
	if (message_send_step(agent->channel.fd, step, err) < 0 ||
	    command_run(&agent->plan.commands, index, send_log, agent, &result,
			err) < 0)
		return -1;
	return say_end(agent, &result, oom_before, err);
}
