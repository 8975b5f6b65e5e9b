/* SPDX-License-Identifier: MIT */
/* child.h - a child of a process whose signals may not be ours */
#ifndef HOST_JAIL_CHILD_H
#define HOST_JAIL_CHILD_H

#include <sys/types.h>

/*
 * fork(2), but no handler of the parent's ever runs in the child: there signals
 * are blocked as signals_hold() does, and none is caught. Those that are ignored stay so. The
 * parent's mask is as it was.
 */
pid_t child_fork(void);

/* In the child, for a program to come: no signal is blocked, and SIGPIPE and
 * SIGXFSZ do what they do by default. */
void child_unblock(void);

#endif
