/* SPDX-License-Identifier: MIT */
/* process.h - programs that the agent runs, and those that hooks leave */
#ifndef GUEST_AGENT_PROCESS_H
#define GUEST_AGENT_PROCESS_H

#include <sys/types.h>

#include "guest/shared/error.h"

/*
 * Run a program of the guest image to its end. What it prints on standard
 * error goes into the message if it fails (EIO).
 */
int process_run(const char *const argv[], struct error *err);

/*
 * End every process but PID 1 and `keep` (0: none) with SIGKILL, and wait
 * until they are gone. All are stopped first, so that none can fork past it.
 */
void process_end_others(pid_t keep);

/* The agent survives a lack of memory; what it starts for the user need not:
 * to be said by that process of itself, while it sees /proc. */
void process_be_killable(void);

/* How many processes the kernel has ended for want of memory since boot. */
unsigned long process_oom_kills(void);

#endif
