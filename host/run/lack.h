/* SPDX-License-Identifier: MIT */
/* lack.h - what the guest ran out of, and how much would have done */
#ifndef HOST_RUN_LACK_H
#define HOST_RUN_LACK_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/run/state.h"

#define LACK_SPARE 8 /* MiB */

/*
 * The size in MiB of a scratch disk that `size` bytes of files in `entries`
 * entries go onto, as the agent formats it (guest/agent/scratch.c: blocks of
 * 4 KiB, an inode for 8 KiB). On the safe side by a twentieth and
 * LACK_SPARE.
 */
uint64_t lack_disk_size(uint64_t size, uint64_t entries);

/* Look through a layer, and add what it has. Fails as survey_in_jail() does. */
int lack_measure(const struct image_layer *layer, uint64_t *size,
		 uint64_t *entries, struct error *err);

/* A hook or command has failed: put the cure into *err, if one is known. */
void lack_explain_hook(struct run *run, struct error *err);

/*
 * The same of a step of the agent that failed. If it was unpacking the image,
 * the layers are looked through (host), to say what size would do.
 */
void lack_explain_fail(struct run *run, struct error *err);

#endif
