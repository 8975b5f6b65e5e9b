/* SPDX-License-Identifier: MIT */
/* shell.h - the one bash in which all hooks of a run live */
#ifndef GUEST_AGENT_SHELL_H
#define GUEST_AGENT_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "guest/shared/error.h"
#include "guest/shared/message.h"

/*
 * Hooks share variables and functions, so they run in one `bash -e`, each as
 * a sourced file. Between two of them the shell waits in front of a FIFO
 * while the agent mounts or unmounts the overlay. Usable from { 0 }.
 */
struct shell {
	pid_t pid;		/* 0 before shell_start() and after the end */
	enum message_hook last; /* after which the shell ends */
	int go;		/* FIFO, agent to shell: the next hook may run */
	int reached;	/* FIFO, shell to agent: this hook is done */
	int output;	/* pipe with what the hooks print */
	int output_end; /* its other end, so that poll(2) sees no hang-up */
	int signals;	/* signalfd with SIGCHLD */
	int wait_status;
};

/* What a hook prints goes here, as it comes; a failure ends the run. */
typedef int shell_output_fn(void *ctx, const void *bytes, size_t size,
			    struct error *err);

/*
 * Start the shell, before it is known what for: a machine that is restored
 * finds it waiting. Its standard input is /dev/null, its working directory
 * the scratch disk.
 */
int shell_start(struct shell *shell, struct error *err);

/*
 * Give it the hooks of the plan and their environment; where that is not plain
 * (environment_is_plain) to another one that is started with it. Its state of
 * chance ($RANDOM) and its clock ($SECONDS) begin here.
 */
int shell_assign(struct shell *shell, const struct message_plan *plan,
		 struct error *err);

/*
 * Run one hook of the plan to its end; in their order. *result says how it ended; a failing hook is no
 * failure of this function. Fails if the shell has ended before its turn, as
 * after `exit 0` in an earlier hook (ECHILD), or with what `output` says.
 */
int shell_run_hook(struct shell *shell, enum message_hook hook,
		   shell_output_fn *output, void *ctx,
		   struct message_hook_result *result, struct error *err);

#endif
