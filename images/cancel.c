/* SPDX-License-Identifier: MIT */
/* cancel.c - see cancel.h */
#include "images/cancel.h"

#include <errno.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"

static const int held[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

void cancel_hold(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT_OF(held); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

int cancel_check(struct error *err)
{
	sigset_t pending, blocked;

	sigpending(&pending);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (size_t i = 0; i < COUNT_OF(held); i++)
		if (sigismember(&pending, held[i]) &&
		    sigismember(&blocked, held[i]))
			return error_set(err, EINTR, "interrupted");
	return 0;
}

void cancel_release(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}
