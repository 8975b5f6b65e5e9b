/* SPDX-License-Identifier: MIT */
/* guard.c - see guard.h */
#include "host/library/guard.h"

#include <stddef.h>
#include <time.h>

#include "guest/shared/cleanup.h"

static const int guarded[] = { SIGPIPE, SIGXFSZ };

void guard_begin(struct guard *guard)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT_OF(guarded); i++)
		sigaddset(&set, guarded[i]);
	sigemptyset(&guard->waiting);
	(void)sigpending(&guard->waiting);
	(void)pthread_sigmask(SIG_BLOCK, &set, &guard->before);
}

void guard_end(const struct guard *guard)
{
	const struct timespec at_once = { 0 };
	sigset_t set;

	for (size_t i = 0; i < COUNT_OF(guarded); i++) {
		if (sigismember(&guard->waiting, guarded[i]) == 1)
			continue;
		sigemptyset(&set);
		sigaddset(&set, guarded[i]);
		while (sigtimedwait(&set, NULL, &at_once) > 0)
			;
	}
	(void)pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}
