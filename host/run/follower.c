/* SPDX-License-Identifier: MIT */
/* follower.c - see follower.h */
#include "host/run/follower.h"

#include <string.h>

#include "host/run/thread.h"

static void *run_thread(void *context)
{
	struct follower *follower = context;

	follower->status = follower->follow(follower->context, &follower->err);
	return NULL;
}

int follower_start(struct follower *follower,
		   int (*follow)(void *context, struct error *err),
		   void *context, struct error *err)
{
	int code;

	*follower = (struct follower){ .follow = follow, .context = context };
	code = thread_start(&follower->thread, run_thread, follower);
	if (code != 0)
		return error_set(err, code, "start a thread: %s",
				 strerror(code));
	follower->running = true;
	return 0;
}

int follower_join(struct follower *follower, struct error *err)
{
	if (!follower->running)
		return 0;
	(void)pthread_join(follower->thread, NULL);
	follower->running = false;
	if (follower->status < 0)
		*err = follower->err;
	return follower->status;
}
