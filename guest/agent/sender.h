/* SPDX-License-Identifier: MIT */
/* sender.h - the upper layer on its way to the host */
#ifndef GUEST_AGENT_SENDER_H
#define GUEST_AGENT_SENDER_H

#include "guest/agent/agent.h"

/* Send the upper directory as a tar: DATA frames, and END. */
int sender_send(struct agent *agent, struct error *err);

/* Send $out as a tar, as upper_write() makes one: OUT frames. */
int sender_send_out(struct agent *agent, struct error *err);

#endif
