/* SPDX-License-Identifier: MIT */
/* signals.h - a thread that leaves signals to those who wait for them */
#ifndef HOST_JAIL_SIGNALS_H
#define HOST_JAIL_SIGNALS_H

#include <signal.h>

/*
 * Block signals in this thread, but those of its own mistakes (SIGSEGV and the
 * like), which whoever looks for mistakes wants to see. The mask as it was goes
 * to *before. Threads and children that are started meanwhile have the same.
 */
void signals_hold(sigset_t *before);

void signals_release(const sigset_t *before);

#endif
