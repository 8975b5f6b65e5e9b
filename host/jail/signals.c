/* SPDX-License-Identifier: MIT */
/* signals.c - see signals.h */
#include "host/jail/signals.h"

#include <stddef.h>

#include "guest/shared/cleanup.h"

static const int mistakes[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL,
				SIGSEGV, SIGSYS, SIGTRAP };

void signals_hold(sigset_t *before)
{
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < COUNT_OF(mistakes); i++)
		sigdelset(&set, mistakes[i]);
	(void)pthread_sigmask(SIG_SETMASK, &set, before);
}

void signals_release(const sigset_t *before)
{
	(void)pthread_sigmask(SIG_SETMASK, before, NULL);
}
