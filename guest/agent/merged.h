/* SPDX-License-Identifier: MIT */
/* merged.h - the merged tree, from its mount to the upper layer in OCI form */
#ifndef GUEST_AGENT_MERGED_H
#define GUEST_AGENT_MERGED_H

#include "guest/agent/agent.h"
#include "guest/shared/error.h"

/* Steps of the agent, in this order; each fails as what it is made of does. */

/* overlay_mount() of all the layers that there are now. */
int merged_mount(struct agent *agent, struct error *err);

/* If the plan has it, send a census of it, without what hooks have mounted. */
int merged_record(struct agent *agent, struct error *err);

/* Unmount it; what hooks have left running, but for their shell, is ended. */
int merged_unmount(struct agent *agent, struct error *err);

/* upper_convert() of the upper directory. */
int merged_convert(struct agent *agent, struct error *err);

#endif
