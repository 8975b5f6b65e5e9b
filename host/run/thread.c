/* SPDX-License-Identifier: MIT */
/* thread.c - see thread.h */
#include "host/run/thread.h"

#include <stddef.h>

#include "host/jail/signals.h"

int thread_start(pthread_t *thread, void *(*body)(void *context), void *context)
{
	sigset_t before;
	int code;

	signals_hold(&before);
	code = pthread_create(thread, NULL, body, context);
	signals_release(&before);
	return code;
}
