/* SPDX-License-Identifier: MIT */
/* command.c - see command.h */
#include "guest/agent/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/beat.h"
#include "guest/agent/command_init.h"
#include "guest/agent/points.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define BLOCK (32 * 1024) /* bytes of output in one LOG frame */

/* A process with its two pipes, seen from the agent. */
struct child {
	pid_t pid;
	int pidfd;
	int output;
	int verdict;
};

/* fork(2) into namespaces; what is not said here is as with fork. */
static pid_t fork_apart(void)
{
	return (pid_t)syscall(SYS_clone,
			      CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
				      CLONE_NEWUTS | SIGCHLD,
			      NULL, NULL, NULL, NULL);
}

static int start(struct child *child, const struct message_commands *commands,
		 size_t index, struct error *err)
{
	int output[2];
	int verdict[2];

	if (pipe2(output, O_CLOEXEC) < 0 || pipe2(verdict, O_CLOEXEC) < 0)
		return error_errno(err, "make a pipe");
	child->output = output[0];
	child->verdict = verdict[0];
	(void)fcntl(child->output, F_SETFL, O_NONBLOCK);
	child->pid = fork_apart();
	if (child->pid == 0)
		command_init(commands, index, output[1], verdict[1]);
	close(output[1]);
	close(verdict[1]);
	if (child->pid < 0)
		return error_errno(err, "start the command");
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0)
		return error_errno(err, "watch the command");
	return 0;
}

static int pass_output(const struct child *child, shell_output_fn *output,
		       void *ctx, struct error *err)
{
	char block[BLOCK];
	ssize_t n;

	while ((n = read(child->output, block, sizeof(block))) > 0)
		if (output(ctx, block, (size_t)n, err) < 0)
			return -1;
	return 0;
}

/* Until init ends; its namespace has ended with it, and so has all output. */
static int follow(const struct child *child, shell_output_fn *output, void *ctx,
		  struct error *err)
{
	struct pollfd events[] = {
		{ .fd = child->output, .events = POLLIN },
		{ .fd = child->pidfd, .events = POLLIN },
	};

	while (!(events[1].revents & POLLIN)) {
		if (poll(events, COUNT_OF(events), BEAT_MS) < 0 &&
		    errno != EINTR)
			return error_errno(err, "wait for the command");
		beat();
		if (pass_output(child, output, ctx, err) < 0)
			return -1;
		/* All have closed it: what remains is to wait for the end. */
		if (events[0].revents & POLLHUP)
			events[0].fd = -1;
	}
	return pass_output(child, output, ctx, err);
}

/* It always says why; if it does not, there is at least a trace of it. */
static int take_error(const struct command_verdict *verdict, struct error *err)
{
	*err = verdict->err;
	if (err->msg[0])
		return -1;
	return error_set(err, EPROTO,
			 "did not start, for no reason (error %d, status %d)",
			 verdict->err.code, verdict->wait_status);
}

/* An init that was killed, for want of memory maybe, took the command along. */
static int judge(const struct child *child, struct message_hook_result *result,
		 struct error *err)
{
	struct command_verdict verdict = { 0 };
	int status;

	if (waitpid(child->pid, &status, 0) < 0)
		return error_errno(err, "wait for the command");
	if (io_read(child->verdict, &verdict, sizeof(verdict)) ==
	    sizeof(verdict)) {
		status = verdict.wait_status;
		if (!verdict.started)
			return take_error(&verdict, err);
	}
	result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	result->status =
		result->signal ? 128 + result->signal : WEXITSTATUS(status);
	return 0;
}

static void child_release(struct child *child)
{
	const int fds[] = { child->pidfd, child->output, child->verdict };

	for (size_t i = 0; i < COUNT_OF(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static int run(const struct message_commands *commands, size_t index,
	       shell_output_fn *output, void *ctx,
	       struct message_hook_result *result, struct error *err)
{
	struct child child = { -1, -1, -1, -1 };
	int status;

	if (start(&child, commands, index, err) < 0 ||
	    follow(&child, output, ctx, err) < 0)
		status = -1;
	else
		status = judge(&child, result, err);
	child_release(&child);
	return status;
}

int command_run(const struct message_commands *commands, size_t index,
		shell_output_fn *output, void *ctx,
		struct message_hook_result *result, struct error *err)
{
	autoclose int root =
		open(COMMAND_TREE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct message_hook_result ended = { .hook = HOOK_RUN };
	struct points points;

	if (root < 0)
		return error_errno(err, "open '%s'", AGENT_MERGED);
	ended.command = (unsigned)index + 1;
	if (points_make(&points, root, err) < 0 ||
	    run(commands, index, output, ctx, &ended, err) < 0 ||
	    points_remove(&points, root, err) < 0)
		return error_prefix(err, "command %u", ended.command);
	*result = ended;
	return 0;
}
