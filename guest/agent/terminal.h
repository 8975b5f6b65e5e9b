/* SPDX-License-Identifier: MIT */
/* terminal.h - a shell for the user, in a guest whose run has failed */
#ifndef GUEST_AGENT_TERMINAL_H
#define GUEST_AGENT_TERMINAL_H

#include "guest/agent/agent.h"

/*
 * To be called when the host knows of the failure. Give it a bash on a
 * terminal, in the scratch disk, with the environment of the hooks, whenever
 * it says TERMINAL; all is as the failure left it. Returns when the host has
 * closed its end, or says what it must not.
 */
void terminal_serve(struct agent *agent);

#endif
