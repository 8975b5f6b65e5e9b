/* SPDX-License-Identifier: MIT */
/* tar2sqfs.c - see tar2sqfs.h */
#include "host/layer/tar2sqfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/jail/child.h"
#include "host/jail/filter.h"
#include "host/jail/landlock.h"

#define PIPE_SIZE 1048576 /* bytes; the most that any user may ask for */
#define TICK	  100	  /* milliseconds between two calls of advance() */
#define OUT_FD	  3	  /* the file's number in the process */

/* A descriptor that has its number already would not be there after execve(2). */
static int out_of_the_way(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, OUT_FD + 1);
}

/* What it is left with: its input and the file, and its own libraries. */
struct profile {
	struct landlock landlock;
	struct filter filter;
};

static void profile_release(struct profile *profile)
{
	landlock_release(&profile->landlock);
	filter_release(&profile->filter);
}

DEFINE_AUTO(profile, profile_release)

/* It opens the file once more, by the name that the descriptor has in /proc. */
static int make_profile(struct profile *profile, const char *program, int out,
			struct error *err)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", out);
	if (landlock_begin(&profile->landlock, err) < 0 ||
	    landlock_allow_program(&profile->landlock, program, err) < 0 ||
	    landlock_allow(&profile->landlock, AT_FDCWD, path,
			   LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_TRUNCATE,
			   err) < 0)
		return -1;
	return filter_for_program(&profile->filter, false, err);
}

static _Noreturn void become_tar2sqfs(const struct profile *profile,
				      const char *const argv[],
				      const int fds[OUT_FD + 1], int failure,
				      pid_t parent)
{
	static char *const environment[] = { (char *)"LC_ALL=C", NULL };
	const struct rlimit no_core = { 0 };
	bool placed = true;
	int code;

	child_unblock();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	for (int i = 0; i <= OUT_FD; i++)
		placed = placed && dup2(fds[i], i) == i;
	(void)syscall(SYS_close_range, OUT_FD + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	if (placed && setrlimit(RLIMIT_CORE, &no_core) == 0 &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    landlock_enter(&profile->landlock) == 0 &&
	    filter_enter(&profile->filter) == 0)
		execve(argv[0], (char *const *)argv, environment);
	code = errno;
	(void)io_write(failure, &code, sizeof(code));
	_exit(127);
}

/* 0, or the errno with which it did not start. */
static int spawn(struct tar2sqfs *process, const struct profile *profile,
		 const char *const argv[], const int fds[OUT_FD + 1])
{
	autoclose int failed = -1, failure = -1;
	pid_t parent = getpid();
	int pair[2];
	int code;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return errno;
	failed = pair[0];
	failure = out_of_the_way(pair[1]);
	(void)close(pair[1]);
	process->pid = failure < 0 ? -1 : child_fork();
	if (process->pid == 0)
		become_tar2sqfs(profile, argv, fds, failure, parent);
	if (process->pid < 0) {
		code = errno;
		process->pid = 0;
		return code;
	}
	(void)close(failure);
	failure = -1;
	return io_read(failed, &code, sizeof(code)) == sizeof(code) ? code : 0;
}

static int start(struct tar2sqfs *process, const char *program, int out,
		 const char *jobs, struct error *err)
{
	/* What it skips is lost: -s makes it fail instead. */
	const char *const argv[] = {
		program,	   "-q", "-s", "-f", "-c", "lz4", "-j", jobs,
		"/proc/self/fd/3", NULL,
	};
	autoclose int in = -1, copy = -1, complaints = -1;
	AUTO(profile) profile = { .landlock = LANDLOCK_NONE };
	int pair[2], code;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return error_errno(err, "start '%s'", program);
	process->in = pair[1];
	in = out_of_the_way(pair[0]);
	(void)close(pair[0]);
	copy = out_of_the_way(out);
	complaints = memfd_create("complaints", MFD_CLOEXEC);
	process->complaints = out_of_the_way(complaints);
	if (in < 0 || copy < 0 || process->complaints < 0 ||
	    fcntl(process->in, F_SETFL, O_NONBLOCK) < 0)
		return error_errno(err, "start '%s'", program);
	(void)fcntl(process->in, F_SETPIPE_SZ, PIPE_SIZE);

	if (make_profile(&profile, program, copy, err) < 0)
		return error_prefix(err, "start '%s'", program);
	code = spawn(process, &profile, argv,
		     (const int[]){ in, process->complaints,
				    process->complaints, copy });
	if (code != 0)
		return error_set(err, code, "start '%s': %s", program,
				 strerror(code));
	process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	if (process->pidfd < 0)
		return error_errno(err, "watch '%s'", program);
	return 0;
}

int tar2sqfs_start(struct tar2sqfs *process, const char *program, int out,
		   unsigned int jobs, struct error *err)
{
	char number[16];

	(void)snprintf(number, sizeof(number), "%u", jobs);
	if (start(process, program, out, number, err) < 0) {
		tar2sqfs_release(process);
		return -1;
	}
	return 0;
}

/* The last line of what it complained of, "" if it did not. */
static void last_line(const struct tar2sqfs *process, char *line, size_t size)
{
	struct stat st;
	uint64_t from = 0;
	ssize_t got = -1;
	char *start;

	if (fstat(process->complaints, &st) == 0) {
		if (st.st_size >= (off_t)size)
			from = (uint64_t)st.st_size - size + 1;
		got = io_pread(process->complaints, line, size - 1, from);
	}
	while (got > 0 && line[got - 1] == '\n')
		got--;
	line[got > 0 ? got : 0] = '\0';
	start = strrchr(line, '\n');
	if (start)
		memmove(line, start + 1, strlen(start));
}

static int judge(const struct tar2sqfs *process, int status, struct error *err)
{
	char line[256];

	if (WIFSIGNALED(status))
		return error_set(err, EIO, "tar2sqfs: ended by SIG%s",
				 sigabbrev_np(WTERMSIG(status)));
	if (WEXITSTATUS(status) == 0)
		return 0;
	last_line(process, line, sizeof(line));
	return error_set(err, EIO, "tar2sqfs: exit status %d%s%s",
			 WEXITSTATUS(status), line[0] ? ": " : "", line);
}

/* Wait for the descriptor, but not for longer than the user wants to. */
static int wait_for(const struct tar2sqfs *process, int fd, short events,
		    struct error *err)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };
	int ready;

	do {
		if (process->advance &&
		    process->advance(process->context, 0) != 0)
			return error_set(err, ECANCELED, "cancelled");
		ready = poll(&poll_fd, 1, TICK);
	} while (ready == 0 || (ready < 0 && errno == EINTR));
	if (ready < 0)
		return error_errno(err, "wait for tar2sqfs");
	return 0;
}

static int reap(struct tar2sqfs *process, struct error *err)
{
	pid_t pid = process->pid;
	int status;

	if (wait_for(process, process->pidfd, POLLIN, err) < 0)
		return -1;
	process->pid = 0;
	if (waitpid(pid, &status, 0) < 0)
		return error_errno(err, "wait for tar2sqfs");
	return judge(process, status, err);
}

int tar2sqfs_write(struct tar2sqfs *process, const void *bytes, size_t size,
		   struct error *err)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t n = write(process->in, at, size);

		if (n >= 0) {
			at += n;
			size -= (size_t)n;
		} else if (errno == EAGAIN) {
			if (wait_for(process, process->in, POLLOUT, err) < 0)
				return -1;
		} else if (errno == EPIPE) {
			return error_set(err, EPIPE,
					 "tar2sqfs: it ended before "
					 "the tar did");
		} else if (errno != EINTR) {
			return error_errno(err, "write to tar2sqfs");
		}
	}
	return 0;
}

int tar2sqfs_finish(struct tar2sqfs *process, struct error *err)
{
	(void)close(process->in);
	process->in = -1;
	return reap(process, err);
}

void tar2sqfs_release(struct tar2sqfs *process)
{
	int *fds[] = { &process->pidfd, &process->in, &process->complaints };
	int saved = errno;

	if (process->pid > 0) {
		(void)kill(process->pid, SIGKILL);
		while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	process->pid = 0;
	for (size_t i = 0; i < COUNT_OF(fds); i++) {
		if (*fds[i] >= 0)
			(void)close(*fds[i]);
		*fds[i] = -1;
	}
	errno = saved;
}
