/* SPDX-License-Identifier: MIT */
/* follower.h - one task on a thread of its own, beside the run */
#ifndef HOST_RUN_FOLLOWER_H
#define HOST_RUN_FOLLOWER_H

#include <pthread.h>
#include <stdbool.h>

#include "guest/shared/error.h"

/* Must stay where it is while it runs. Nothing runs in { 0 }. */
struct follower {
	int (*follow)(void *context, struct error *err);
	void *context;
	pthread_t thread;
	bool running;
	int status;	  /* what follow() returned */
	struct error err; /* and filled in */
};

/* Begin. What pthread_create(3) says. */
int follower_start(struct follower *follower,
		   int (*follow)(void *context, struct error *err),
		   void *context, struct error *err);

/*
 * Wait for its end, and return what follow() has. Whatever it waits for must
 * come, or be called off, before. 0 if nothing was started.
 */
int follower_join(struct follower *follower, struct error *err);

#endif
