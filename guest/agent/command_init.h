/* SPDX-License-Identifier: MIT */
/* command_init.h - PID 1 of a command's namespaces, and the command it starts */
#ifndef GUEST_AGENT_COMMAND_INIT_H
#define GUEST_AGENT_COMMAND_INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/agent/agent.h"
#include "guest/shared/error.h"
#include "guest/shared/message_commands.h"

/* The mount that becomes the command's root. */
#define COMMAND_TREE AGENT_DISK "/" AGENT_MERGED

/* What it tells the agent: how the command ended, or why it did not start. */
struct command_verdict {
	bool started;
	int wait_status; /* of waitpid(2) */
	struct error err;
};

/*
 * In a process that is new in its mount and PID namespaces: make the tree the
 * root, start command `index` as the user, in the directory and with the
 * variables that are said, its output going to `output`, reap whatever ends,
 * and when the command does, write a struct command_verdict to `to_agent`.
 */
_Noreturn void command_init(const struct message_commands *commands,
			    size_t index, int output, int to_agent);

#endif
