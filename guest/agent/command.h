/* SPDX-License-Identifier: MIT */
/* command.h - a command of --run, with the merged tree as its root */
#ifndef GUEST_AGENT_COMMAND_H
#define GUEST_AGENT_COMMAND_H

#include <stddef.h>

#include "guest/agent/shell.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"

/*
 * Run commands->lines.item[index] to its end, as a Dockerfile's RUN: in mount,
 * PID, IPC and UTS namespaces of its own, behind an init that reaps, with
 * /dev/null as its input. When it ends, all that it has started ends, and its
 * file systems are gone; directories that were made to mount them on too.
 *
 * *result says how it ended, 127 if its shell is not there, 126 if that cannot
 * be executed; a failing command is no failure of this function. Fails if it
 * cannot be started: with EINVAL for a user that the image does not know, with
 * what the system calls say, or with what `output` says.
 */
int command_run(const struct message_commands *commands, size_t index,
		shell_output_fn *output, void *ctx,
		struct message_hook_result *result, struct error *err);

#endif
