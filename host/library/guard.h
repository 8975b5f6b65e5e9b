/* SPDX-License-Identifier: MIT */
/* guard.h - a caller who is not killed by what we write */
#ifndef HOST_LIBRARY_GUARD_H
#define HOST_LIBRARY_GUARD_H

#include <signal.h>

/*
 * In a process that is not ours SIGPIPE and SIGXFSZ cannot be ignored as a
 * whole. Both come to the thread whose write(2) failed (signal(7)): they are
 * blocked in this one, what came meanwhile is taken away, and the mask is as it
 * was before. Threads that are started meanwhile have them blocked, too.
 */
struct guard {
	sigset_t before;  /* the mask of the thread */
	sigset_t waiting; /* of the two, those that were pending already */
};

void guard_begin(struct guard *guard);
void guard_end(const struct guard *guard);

#endif
