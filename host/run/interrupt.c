/* SPDX-License-Identifier: MIT */
/* interrupt.c - see interrupt.h */
#include "host/run/interrupt.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

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
	interrupt->signal = 0;
	interrupt->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	blocked = set;
	sigaddset(&blocked, SIGWINCH);
	if (interrupt->fd < 0 || sigprocmask(SIG_BLOCK, &blocked, NULL) < 0)
		return error_errno(err, "watch for signals");
	return 0;
}

int interrupt_pending(struct interrupt *interrupt)
{
	struct signalfd_siginfo info;

	if (!interrupt->signal &&
	    read(interrupt->fd, &info, sizeof(info)) == sizeof(info))
		interrupt->signal = (int)info.ssi_signo;
	return interrupt->signal;
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
