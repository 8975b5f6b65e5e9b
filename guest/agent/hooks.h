/* SPDX-License-Identifier: MIT */
/* hooks.h - hooks and commands of the user's, and what the host is told of them */
#ifndef GUEST_AGENT_HOOKS_H
#define GUEST_AGENT_HOOKS_H

#include <stddef.h>

#include "guest/agent/agent.h"
#include "guest/shared/error.h"

/*
 * Run a hook of the plan, if it has it, or command `index` of it, and say HOOK.
 * Fails if it did, with agent->hook_failed, and then the host knows already; or
 * as shell_run_hook() and command_run() do.
 */
int hooks_run(struct agent *agent, enum message_hook hook, struct error *err);
int hooks_run_command(struct agent *agent, size_t index, struct error *err);

/* The host ends the machine once it knows of a failure: if the disk is to be
 * kept, write to it what is still in memory. */
void hooks_flush_kept(const struct agent *agent);

#endif
