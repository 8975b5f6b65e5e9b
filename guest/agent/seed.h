/* SPDX-License-Identifier: MIT */
/* seed.h - entropy and the time, which a guest cannot know by itself */
#ifndef GUEST_AGENT_SEED_H
#define GUEST_AGENT_SEED_H

#include "guest/shared/error.h"
#include "guest/shared/message.h"

/*
 * Credit the entropy to the kernel's pool, reseed its generator from it (a
 * pool without a seed makes mke2fs wait for seconds in getrandom(2), and two
 * guests restored from one state would share theirs) and set the clock.
 */
int seed_apply(const struct message_seed *seed, struct error *err);

#endif
