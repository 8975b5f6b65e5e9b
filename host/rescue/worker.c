/* SPDX-License-Identifier: MIT */
/* worker.c - see worker.h */
#include "host/rescue/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/shared/io.h"

#define LOOK 200 /* milliseconds between two looks for a signal */

/* How the work ended; the result follows. */
struct reply {
	int status;
	struct error err;
};

struct worker {
	const struct rescue *rescue;
	int (*work)(struct appliance *appliance, void *context,
		    struct error *err);
	void *context;
	void *result;
	size_t size;
	pid_t pid;
	int fd; /* where the reply comes from */
};

static void do_nothing(int signal)
{
	(void)signal;
}

/*
 * Signals are as libguestfs and its programs expect them. TERM comes to the
 * whole group: QEMU and supermin die of it, as a handler is lost in execve(2),
 * and we hear of that.
 */
static void set_up_child(void)
{
	const struct sigaction term = { .sa_handler = do_nothing,
					.sa_flags = SA_RESTART };
	sigset_t none;

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)sigaction(SIGTERM, &term, NULL);
	(void)signal(SIGTTOU, SIG_IGN); /* we print, in the background */
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int work(const struct worker *worker, struct error *err)
{
	AUTO(appliance) appliance = { 0 };

	if (appliance_start(&appliance, worker->rescue, err) < 0)
		return -1;
	return worker->work(&appliance, worker->context, err);
}

static _Noreturn void be_child(const struct worker *worker, int fd)
{
	struct reply reply = { 0 };

	set_up_child();
	reply.status = work(worker, &reply.err);
	(void)fflush(stderr);
	if (io_write(fd, &reply, sizeof(reply)) < 0 ||
	    io_write(fd, worker->result, worker->size) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_SUCCESS);
}

static int start(struct worker *worker, struct error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, "make a pipe");
	(void)fflush(stdout);
	worker->pid = fork();
	if (worker->pid == 0) {
		close(ends[0]);
		be_child(worker, ends[1]);
	}
	close(ends[1]);
	worker->fd = ends[0];
	if (worker->pid < 0) {
		error_errno(err, "fork");
		close(ends[0]);
		return -1;
	}
	(void)setpgid(worker->pid, worker->pid);
	return 0;
}

/* Wait until it speaks or has ended; -1 if a signal says to wait no more. */
static int wait_for_reply(const struct worker *worker)
{
	struct pollfd poll_fd = { .fd = worker->fd, .events = POLLIN };

	while (poll(&poll_fd, 1, LOOK) <= 0)
		if (worker->rescue->pending(worker->rescue->context) != 0)
			return -1;
	return 0;
}

/* Its end is asked for, and after a while is made. */
static void end(const struct worker *worker)
{
	struct pollfd poll_fd = { .fd = worker->fd, .events = POLLIN };

	(void)kill(-worker->pid, SIGTERM);
	(void)poll(&poll_fd, 1, WORKER_GRACE * 1000);
}

static int read_reply(const struct worker *worker, struct error *err)
{
	autofree char *result = malloc(worker->size + 1);
	struct reply reply;

	if (!result)
		return error_set(err, ENOMEM, "out of memory");
	if (io_read(worker->fd, &reply, sizeof(reply)) !=
		    (ssize_t)sizeof(reply) ||
	    io_read(worker->fd, result, worker->size) != (ssize_t)worker->size)
		return error_set(err, EPROTO,
				 "the process that reads the disk ended "
				 "without a word");
	if (reply.status < 0) {
		*err = reply.err;
		return -1;
	}
	if (worker->size > 0)
		memcpy(worker->result, result, worker->size);
	return 0;
}

int worker_run(const struct rescue *rescue,
	       int (*run)(struct appliance *appliance, void *context,
			  struct error *err),
	       void *context, void *result, size_t size, struct error *err)
{
	struct worker worker = { rescue, run, context, result, size, 0, -1 };
	int status;

	if (start(&worker, err) < 0)
		return -1;
	if (wait_for_reply(&worker) < 0) {
		end(&worker);
		status = error_set(err, ECANCELED, "interrupted");
	} else {
		status = read_reply(&worker, err);
	}
	close(worker.fd);
	/* Whatever is left of the group; of a child that was killed, QEMU. */
	(void)kill(-worker.pid, SIGKILL);
	while (waitpid(worker.pid, NULL, 0) < 0 && errno == EINTR)
		;
	return status;
}
