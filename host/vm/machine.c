/* SPDX-License-Identifier: MIT */
/* machine.c - see machine.h */
#include "host/vm/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/jail/child.h"
#include "host/vm/qemu.h"

#define SEND_LIMIT 120 /* seconds that QEMU may leave our bytes unread */

/* What the child inherits, and under which number. */
enum child_end {
	END_NULL,
	END_OUTPUT,
	END_ERRORS,
	END_CONTROL,
	END_CONSOLE,
	END_MONITOR,
	END_STATE,
	END_NETWORK,
	END_EXEC, /* carries errno if execve(2) fails; closed if it does not */
	END_COUNT,
};

static const int numbers[END_COUNT] = {
	[END_NULL] = STDIN_FILENO,
	[END_OUTPUT] = STDOUT_FILENO,
	[END_ERRORS] = STDERR_FILENO,
	[END_CONTROL] = QEMU_CONTROL_FD,
	[END_CONSOLE] = QEMU_CONSOLE_FD,
	[END_MONITOR] = QEMU_MONITOR_FD,
	[END_STATE] = QEMU_STATE_FD,
	[END_NETWORK] = QEMU_NETWORK_FD,
	[END_EXEC] = -1,
};

struct child_ends {
	int fds[END_COUNT];
};

static void close_ends(struct child_ends *ends)
{
	int saved = errno;

	for (size_t i = 0; i < END_COUNT; i++)
		if (ends->fds[i] >= 0)
			close(ends->fds[i]);
	memset(ends->fds, -1, sizeof(ends->fds));
	errno = saved;
}

/* A pair of which the child gets one end. */
static int open_pair(int *ours, int *theirs)
{
	static const struct timeval limit = { .tv_sec = SEND_LIMIT };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	*ours = pair[0];
	*theirs = pair[1];
	/* A guest that takes nothing must not block the host for ever. */
	return setsockopt(*ours, SOL_SOCKET, SO_SNDTIMEO, &limit,
			  sizeof(limit));
}

static int set_nonblocking(int fd)
{
	return fcntl(fd, F_SETFL, O_NONBLOCK);
}

/* A copy of what may not be there: then none. */
static int copy_end(int fd, int *copy)
{
	*copy = fd < 0 ? -1 : dup(fd);
	return fd >= 0 && *copy < 0 ? -1 : 0;
}

static int open_ends(struct machine *machine, struct child_ends *ends,
		     const struct machine_start *how, int *exec_error)
{
	int *fds = ends->fds;

	fds[END_NULL] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fds[END_NULL] < 0 ||
	    open_pair(&machine->control, &fds[END_CONTROL]) < 0 ||
	    open_pair(&machine->console, &fds[END_CONSOLE]) < 0 ||
	    open_pair(&machine->errors, &fds[END_ERRORS]) < 0 ||
	    open_pair(&machine->monitor, &fds[END_MONITOR]) < 0 ||
	    open_pair(exec_error, &fds[END_EXEC]) < 0)
		return -1;
	if (copy_end(fds[END_ERRORS], &fds[END_OUTPUT]) < 0 ||
	    copy_end(how->state, &fds[END_STATE]) < 0 ||
	    copy_end(how->network, &fds[END_NETWORK]) < 0)
		return -1;
	return set_nonblocking(machine->console) < 0 ||
			       set_nonblocking(machine->errors) < 0
		       ? -1
		       : 0;
}

/*
 * Put the ends on their numbers. They are moved out of the way first: one may
 * already have the number of another.
 */
static int place_descriptors(struct child_ends *ends)
{
	for (size_t i = 0; i < END_COUNT; i++) {
		if (ends->fds[i] < 0)
			continue;
		ends->fds[i] = fcntl(ends->fds[i], F_DUPFD_CLOEXEC, 16);
		if (ends->fds[i] < 0)
			return -1;
	}
	for (size_t i = 0; i < END_COUNT; i++)
		if (ends->fds[i] >= 0 && numbers[i] >= 0 &&
		    dup2(ends->fds[i], numbers[i]) < 0)
			return -1;
	return 0;
}

/* What the user's shell may have left open is nothing to QEMU. */
static void close_the_rest(void)
{
	(void)syscall(SYS_close_range, STDERR_FILENO + 1, ~0U,
		      CLOSE_RANGE_CLOEXEC);
}

/* Why QEMU does not run. */
struct refusal {
	int code; /* errno */
	bool confining;
};

static _Noreturn void become_qemu(const struct machine_start *how,
				  struct child_ends *ends, pid_t parent)
{
	struct refusal why = { 0 };

	child_unblock();
	/* A terminal's Ctrl-C is ours to act on, not QEMU's. */
	(void)setsid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	close_the_rest();
	if (fchdir(how->dir) == 0 && place_descriptors(ends) == 0) {
		why.confining = confine_enter(how->confine) < 0;
		if (!why.confining)
			execve(how->args->words[0], how->args->words,
			       how->confine->environment);
	}
	why.code = errno;
	(void)io_write(ends->fds[END_EXEC], &why, sizeof(why));
	_exit(127);
}

static int start(struct machine *machine, const struct machine_start *how,
		 struct child_ends *ends, struct error *err)
{
	const char *program = how->args->words[0];
	autoclose int exec_error = -1;
	pid_t parent = getpid();
	struct refusal why;

	if (open_ends(machine, ends, how, &exec_error) < 0)
		return error_errno(err, "make the ends of QEMU");
	machine->pid = child_fork();
	if (machine->pid == 0)
		become_qemu(how, ends, parent);
	if (machine->pid < 0) {
		machine->pid = 0;
		return error_errno(err, "start '%s'", program);
	}
	close_ends(ends);

	/* End of file means that execve(2) closed the other end: it runs. */
	if (io_read(exec_error, &why, sizeof(why)) == sizeof(why)) {
		errno = why.code;
		return error_errno(err, "%s '%s'",
				   why.confining ? "confine" : "start",
				   program);
	}
	machine->pidfd = (int)syscall(SYS_pidfd_open, machine->pid, 0);
	if (machine->pidfd < 0)
		return error_errno(err, "watch '%s'", program);
	return 0;
}

int machine_start(struct machine *machine, const struct machine_start *how,
		  struct error *err)
{
	struct child_ends ends;
	int status;

	memset(ends.fds, -1, sizeof(ends.fds));
	status = start(machine, how, &ends, err);
	close_ends(&ends);
	if (status < 0)
		machine_release(machine);
	return status;
}

void machine_listen(struct machine *machine)
{
	tail_listen(&machine->console_tail, &machine->console);
	tail_listen(&machine->errors_tail, &machine->errors);
}

void machine_await(const struct machine *machine, int limit_ms)
{
	struct pollfd end = { .fd = machine->pidfd, .events = POLLIN };

	while (poll(&end, 1, limit_ms) < 0 && errno == EINTR)
		;
}

void machine_end(struct machine *machine)
{
	siginfo_t ended = { 0 };

	if (machine->pid <= 0)
		return;
	machine->fell = waitid(P_PID, (id_t)machine->pid, &ended,
			       WEXITED | WNOHANG | WNOWAIT) == 0 &&
			ended.si_pid != 0;
	(void)kill(machine->pid, SIGKILL);
	while (waitpid(machine->pid, &machine->status, 0) < 0 && errno == EINTR)
		;
	machine->pid = 0;
	machine_listen(machine);
}

static void describe_fall(int status, char *words, size_t size)
{
	if (WIFSIGNALED(status))
		(void)snprintf(words, size, "QEMU was ended by SIG%s%s",
			       sigabbrev_np(WTERMSIG(status)),
			       WTERMSIG(status) == SIGKILL
				       ? "; is this host out of memory?"
				       : "");
	else if (WEXITSTATUS(status) != 0)
		(void)snprintf(words, size, "QEMU exited with status %d",
			       WEXITSTATUS(status));
	else
		(void)snprintf(words, size,
			       "powered off or rebooted from within");
}

void machine_last_words(const struct machine *machine, char *words, size_t size)
{
	const char *line =
		memmem(machine->console_tail.bytes, machine->console_tail.used,
		       "Kernel panic", strlen("Kernel panic"));
	size_t length = machine->errors_tail.used;

	if (line) {
		length = strcspn(line, "\r\n");
	} else {
		line = tail_line(&machine->errors_tail, &length);
		if (machine->fell &&
		    (length == 0 || WIFSIGNALED(machine->status))) {
			describe_fall(machine->status, words, size);
			return;
		}
	}
	(void)snprintf(words, size, "%.*s", (int)length, line);
}

void machine_release(struct machine *machine)
{
	int *fds[] = { &machine->pidfd, &machine->control, &machine->console,
		       &machine->errors, &machine->monitor };

	machine_end(machine);
	for (size_t i = 0; i < COUNT_OF(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}
