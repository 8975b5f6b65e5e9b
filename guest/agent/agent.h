/* SPDX-License-Identifier: MIT */
/* agent.h - what the steps of the agent share */
#ifndef GUEST_AGENT_AGENT_H
#define GUEST_AGENT_AGENT_H

#include <stdbool.h>

#include "guest/agent/channel.h"
#include "guest/agent/shell.h"
#include "guest/agent/upper.h"
#include "guest/shared/message.h"

/*
 * The scratch disk is the working directory of the agent and of the hooks;
 * the names in it are interface (README, "What a hook sees").
 */
#define AGENT_DISK   "/disk"
#define AGENT_UPPER  "layer" /* the upper directory */
#define AGENT_WORK   "work"  /* overlayfs' own */
#define AGENT_MERGED "mnt"   /* the merged tree */
#define AGENT_OUT    "out"   /* $out, for files of the hook's own */
#define AGENT_LIST   "layer-list"

/* Files of the agent's own, in memory and out of the hooks' way. */
#define AGENT_RUN "/run/overlayvm"

struct agent {
	struct channel channel;
	struct message_prepare prepare;
	struct message_plan plan;
	struct shell shell;
	size_t lower_count;	/* layers of the plan, and of commands done */
	bool *empty_layers;	/* owned; which of them are left out */
	size_t root_layer;	/* highest that describes its root; 0: none */
	struct upper_root root; /* of the upper directory, before the hooks */
	bool hook_failed;	/* the host knows already: HOOK said so */
};

#endif
