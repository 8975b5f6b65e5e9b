/* SPDX-License-Identifier: MIT */
/* interrupt.h - what ends a run before its end, as something to wait for */
#ifndef HOST_RUN_INTERRUPT_H
#define HOST_RUN_INTERRUPT_H

#include <stdbool.h>

#include "guest/shared/error.h"

/*
 * A run ends when a descriptor becomes readable: who waits adds `fd` to
 * poll(2), who works for long asks interrupt_pending() now and then. Nothing
 * is read from it, so that it serves several runs, and its owner still finds
 * there what has come.
 */
struct interrupt {
	int fd;	    /* borrowed or of interrupt_open(); -1: nothing ends it */
	bool came;  /* it was seen to be readable */
	int signal; /* that has come then; 0 if it was something else */
};

/* For a descriptor of the caller's, or -1. */
struct interrupt interrupt_of(int fd);

/*
 * For a program of our own: INT, TERM, HUP and QUIT are blocked and come to a
 * signalfd(2), so that nothing is cut off half-way. Signals that the parent had
 * set to be ignored (nohup) stay ignored. SIGPIPE and SIGXFSZ are ignored:
 * writes say EPIPE and EFBIG. SIGWINCH is blocked, too, for threads to come:
 * one that does not block it would take it from who waits for it (terminal.h),
 * and do nothing.
 */
int interrupt_open(struct interrupt *interrupt, struct error *err);

/* Whether it is to end. Does not block. */
bool interrupt_pending(struct interrupt *interrupt);

/* The line that says so: "ended by SIGTERM", "cancelled". EINTR. */
int interrupt_refuse(const struct interrupt *interrupt, struct error *err);

/*
 * Die by the signal that has come, as a shell expects of what it interrupts
 * (www.cons.org/cracauer/sigint.html). To be called when all is cleaned up.
 */
_Noreturn void interrupt_die(const struct interrupt *interrupt);

#endif
