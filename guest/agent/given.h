/* SPDX-License-Identifier: MIT */
/* given.h - files of the host's that hooks and commands may read */
#ifndef GUEST_AGENT_GIVEN_H
#define GUEST_AGENT_GIVEN_H

#include "guest/agent/agent.h"

/*
 * Where they are, in the guest and in the root of a command; the directories
 * are there only if something is in them.
 */
#define GIVEN_INPUTS  "/in"
#define GIVEN_SECRETS "/run/secrets"

/*
 * Take the secrets that the plan names from the channel, where they follow it,
 * and put them into a file system in memory, which is read-only then.
 */
int given_take_secrets(struct agent *agent, struct error *err);

/* Mount the inputs of the plan, whose partitions the kernel has found. */
int given_mount_inputs(const struct message_plan *plan, const char *disk,
		       struct error *err);

#endif
