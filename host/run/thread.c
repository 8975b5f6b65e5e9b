/* SPDX-License-Identifier: MIT */
/* thread.c - see thread.h */
#include "host/run/thread.h"

#include <signal.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"

/* What a thread does itself, and whoever looks for mistakes wants to see. */
static const int own[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL,
			   SIGSEGV, SIGSYS, SIGTRAP };

int thread_start(pthread_t *thread, void *(*body)(void *context), void *context)
{
	sigset_t all, before;
	int code;

	sigfillset(&all);
	for (size_t i = 0; i < COUNT_OF(own); i++)
		sigdelset(&all, own[i]);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(thread, NULL, body, context);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}
