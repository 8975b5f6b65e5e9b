/* SPDX-License-Identifier: MIT */
/* terminal.c - see terminal.h */
#include "guest/agent/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/agent/environment.h"
#include "guest/agent/hooks.h"
#include "guest/agent/process.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define BLOCK (32 * 1024) /* bytes of output in one SCREEN frame */

#define BANNER                                                                 \
	"The run has failed; this is its guest. image/N/layer are the "        \
	"layers, "                                                             \
	"layer\r\nthe upper directory, mnt the merged tree. Nothing that is "  \
	"done here gets into a layer.\r\n"

static void resize(int pty, const struct message_terminal *terminal)
{
	const struct winsize size = {
		.ws_row = (unsigned short)terminal->rows,
		.ws_col = (unsigned short)terminal->columns,
	};

	(void)ioctl(pty, TIOCSWINSZ, &size);
}

/* Opens both ends; by descriptor, wherever /dev/pts is mounted. */
static int open_pty(int *user, struct error *err)
{
	int unlocked = 0;
	int pty = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	if (pty < 0)
		return error_errno(err, "open /dev/ptmx");
	*user = -1;
	if (ioctl(pty, TIOCSPTLCK, &unlocked) == 0)
		*user = ioctl(pty, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*user >= 0)
		return pty;
	(void)error_errno(err, "open a terminal");
	close(pty);
	return -1;
}

static _Noreturn void become_shell(int user, char **env, const char *type)
{
	const char *const argv[] = { "bash", "--norc", "--noprofile", "-i",
				     NULL };
	sigset_t none;

	process_be_killable();
	(void)setsid();
	(void)ioctl(user, TIOCSCTTY, 0);
	(void)umask(022);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)dup2(user, STDIN_FILENO);
	(void)dup2(user, STDOUT_FILENO);
	(void)dup2(user, STDERR_FILENO);
	(void)chdir(AGENT_DISK);
	environ = env;
	(void)setenv("TERM", type, 1);
	(void)setenv("PS1", "overlayvm:\\w# ", 0);
	execv("/bin/bash", (char *const *)argv);
	_exit(127);
}

/* All that is there, to the host. */
static int pass_screen(struct agent *agent, int pty, struct error *err)
{
	char block[BLOCK];
	ssize_t n;

	while ((n = read(pty, block, sizeof(block))) > 0)
		if (frame_send(agent->channel.fd, FRAME_SCREEN, block,
			       (size_t)n, err) < 0)
			return -1;
	return 0;
}

/* What a program does not take in time is lost, as with any terminal. */
static int on_frame(int pty, const struct frame *frame, struct error *err)
{
	struct message_terminal terminal;

	if (frame->type == FRAME_KEYS) {
		(void)!write(pty, frame->payload, frame->length);
		return 0;
	}
	if (frame->type != FRAME_TERMINAL)
		return error_set(err, EPROTO, "the host says %s to a terminal",
				 frame_type_name(frame->type));
	if (message_read_terminal(&terminal, frame, err) < 0)
		return -1;
	resize(pty, &terminal);
	return 0;
}

/* What the host says; -1 if it has gone. */
static int hear(struct agent *agent, int pty, struct error *err)
{
	struct channel *channel = &agent->channel;
	struct frame frame;
	int found;

	if (frame_buffer_fill(&channel->in, channel->fd) <= 0)
		return error_set(err, EPIPE, "the host has gone");
	while ((found = frame_buffer_next(&channel->in, &frame, err)) > 0)
		if (on_frame(pty, &frame, err) < 0)
			return -1;
	return found;
}

/* Until the shell ends: what it leaves may hold the terminal. */
static int relay(struct agent *agent, int pty, int shell, struct error *err)
{
	struct pollfd events[] = {
		{ .fd = agent->channel.fd, .events = POLLIN },
		{ .fd = pty, .events = POLLIN },
		{ .fd = shell, .events = POLLIN },
	};

	for (;;) {
		if (poll(events, COUNT_OF(events), -1) < 0 && errno != EINTR)
			return error_errno(err, "wait for the shell");
		if (pass_screen(agent, pty, err) < 0)
			return -1;
		if (events[0].revents && hear(agent, pty, err) < 0)
			return -1;
		if (events[2].revents)
			return 0;
		/* Nobody has it open for now: that is for the pidfd to say. */
		if (events[1].revents & POLLHUP)
			events[1].fd = -1;
	}
}

static int run_shell(struct agent *agent, const char *type, int pty, int user,
		     struct error *err)
{
	AUTO(environment) env = { 0 };
	autoclose int shell = -1;
	pid_t pid;
	int status;

	if (environment_make(&env, agent->plan.env, err) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		become_shell(user, env.values, type);
	close(user);
	if (pid < 0)
		return error_errno(err, "start bash");
	shell = (int)syscall(SYS_pidfd_open, pid, 0);
	if (shell < 0)
		return error_errno(err, "watch bash");
	status = relay(agent, pty, shell, err);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	return status;
}

static int serve(struct agent *agent, const struct message_terminal *terminal,
		 struct error *err)
{
	autoclose int pty = -1;
	int user = -1;

	if (frame_send(agent->channel.fd, FRAME_SCREEN, BANNER,
		       sizeof(BANNER) - 1, err) < 0)
		return -1;
	pty = open_pty(&user, err);
	if (pty < 0)
		return -1;
	resize(pty, terminal);
	if (run_shell(agent, terminal->type, pty, user, err) < 0)
		return -1;
	hooks_flush_kept(agent);
	return frame_send(agent->channel.fd, FRAME_LEFT, "{}", 2, err);
}

void terminal_serve(struct agent *agent)
{
	struct message_terminal terminal;
	struct message_fail fail = { .step = "open a terminal" };
	struct frame frame;
	struct error err = { 0 };

	if (!agent->channel.open)
		return;
	while (channel_expect(&agent->channel, FRAME_TERMINAL, &frame, &err) ==
		       0 &&
	       message_read_terminal(&terminal, &frame, &err) == 0)
		if (serve(agent, &terminal, &err) < 0) {
			fail.code = err.code;
			(void)snprintf(fail.message, sizeof(fail.message), "%s",
				       err.msg);
			(void)message_send_fail(agent->channel.fd, &fail, &err);
			return;
		}
}
