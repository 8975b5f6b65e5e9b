/* SPDX-License-Identifier: MIT */
/* restack.h - what was the upper directory becomes the highest layer */
#ifndef GUEST_AGENT_RESTACK_H
#define GUEST_AGENT_RESTACK_H

#include "guest/agent/agent.h"
#include "guest/shared/error.h"

/*
 * The upper directory has been converted and sent, and its overlay is
 * unmounted. Make it the layer above all others, image/N/layer, and a new
 * upper directory with the same root, over which the overlay can be mounted.
 * agent->layer_count and what goes with it know of it then.
 */
int restack(struct agent *agent, struct error *err);

#endif
