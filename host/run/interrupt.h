/* SPDX-License-Identifier: MIT */
/* interrupt.h - signals that end a run, as something to wait for */
#ifndef HOST_RUN_INTERRUPT_H
#define HOST_RUN_INTERRUPT_H

#include "guest/shared/error.h"

/*
 * INT, TERM, HUP and QUIT are blocked and read from a descriptor, so that
 * nothing is cut off half-way: who waits adds `fd` to poll(2), who works for
 * long asks interrupt_pending() now and then. Signals that the parent had set
 * to be ignored (nohup) stay ignored. SIGPIPE and SIGXFSZ are ignored: writes
 * say EPIPE and EFBIG. SIGWINCH is blocked, too, for threads to come: one that
 * does not block it would take it from who waits for it (terminal.h), and do
 * nothing.
 */
struct interrupt {
	int fd;	    /* signalfd(2); readable when one has come */
	int signal; /* the first that was seen, 0 before */
};

int interrupt_open(struct interrupt *interrupt, struct error *err);

/* The signal that has come, or 0. Does not block. */
int interrupt_pending(struct interrupt *interrupt);

/*
 * Die by the signal that has come, as a shell expects of what it interrupts
 * (www.cons.org/cracauer/sigint.html). To be called when all is cleaned up.
 */
_Noreturn void interrupt_die(const struct interrupt *interrupt);

#endif
