/* SPDX-License-Identifier: MIT */
/* mounts.h - what is mounted at a path and below it */
#ifndef GUEST_AGENT_MOUNTS_H
#define GUEST_AGENT_MOUNTS_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct mounts {
	char **paths; /* owned, as is each; in the order of mounting */
	size_t count;
};

/*
 * All mounts at `path` and below it, as /proc/self/mountinfo (proc(5)) has
 * them; a path that is mounted over twice is there twice.
 */
int mounts_below(struct mounts *mounts, const char *path, struct error *err);

/* The same out of any file in that format; for tests. */
int mounts_read(struct mounts *mounts, const char *file, const char *path,
		struct error *err);

void mounts_release(struct mounts *mounts);

DEFINE_AUTO(mounts, mounts_release)

#endif
