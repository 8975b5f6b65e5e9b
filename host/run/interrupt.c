/* SPDX-License-Identifier: MIT */
/* interrupt.c - see interrupt.h */
#include "host/run/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

struct interrupt interrupt_of(int fd)
{
	return (struct interrupt){ .fd = fd };
}

int interrupt_open(struct interrupt *interrupt, struct error *err)
{
	sigset_t blocked;
	sigset_t set;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		struct sigaction action;

		if (sigaction(signals[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&set, signals[i]);
	}
	*interrupt =
		interrupt_of(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
	blocked = set;
	sigaddset(&blocked, SIGWINCH);
	if (interrupt->fd < 0 || sigprocmask(SIG_BLOCK, &blocked, NULL) < 0)
		return error_errno(err, "watch for signals");
	return 0;
}

/* What a signalfd has to be read: it is pending, as it is blocked. */
static int pending_signal(void)
{
	sigset_t pending;

	if (sigpending(&pending) < 0)
		return 0;
	for (size_t i = 0; i < COUNT_OF(signals); i++)
		if (sigismember(&pending, signals[i]) == 1)
			return signals[i];
	return 0;
}

bool interrupt_pending(struct interrupt *interrupt)
{
	struct pollfd event = { .fd = interrupt->fd, .events = POLLIN };

	if (interrupt->came || interrupt->fd < 0 || poll(&event, 1, 0) <= 0)
		return interrupt->came;
	interrupt->signal = pending_signal();
	interrupt->came = true;
	return true;
}

int interrupt_refuse(const struct interrupt *interrupt, struct error *err)
{
	if (interrupt->signal)
		return error_set(err, EINTR, "ended by SIG%s",
				 sigabbrev_np(interrupt->signal));
	return error_set(err, EINTR, "cancelled");
}

_Noreturn void interrupt_die(const struct interrupt *interrupt)
{
	sigset_t set;

	(void)signal(interrupt->signal, SIG_DFL);
	(void)raise(interrupt->signal);
	sigemptyset(&set);
	sigaddset(&set, interrupt->signal);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + interrupt->signal); /* not reached */
}
