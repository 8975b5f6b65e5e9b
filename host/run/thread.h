/* SPDX-License-Identifier: MIT */
/* thread.h - a thread that leaves signals to those who wait for them */
#ifndef HOST_RUN_THREAD_H
#define HOST_RUN_THREAD_H

#include <pthread.h>

/*
 * pthread_create(3), with signals blocked in the thread as signals_hold() does:
 * what is sent to the process goes to a thread of its owner, who may not be us,
 * and no call of ours in there is interrupted. Returns 0 or an errno value.
 */
int thread_start(pthread_t *thread, void *(*body)(void *context),
		 void *context);

#endif
