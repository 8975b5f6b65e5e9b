/* SPDX-License-Identifier: MIT */
/* points.h - where a command's own file systems are mounted in the merged tree */
#ifndef GUEST_AGENT_POINTS_H
#define GUEST_AGENT_POINTS_H

#include <stdbool.h>

#include "guest/shared/error.h"

#define POINTS_COUNT 8

/*
 * "proc", "sys", "dev", "tmp", and, where the guest has something to show
 * there (given.h, network.h), "in", "run" and "run/secrets": directories of the
 * tree; and the file "etc/resolv.conf".
 */
struct points {
	bool made[POINTS_COUNT]; /* those that were not there before */
};

/* For the mounts: the points in their order; NULL if it is not wanted. */
const char *points_name(unsigned i);

/*
 * See that each is there in the tree that `root` is open at. The times of the
 * directories they are in stay as they are. ENOTDIR if the image has something
 * else where a directory should be; then nothing is left behind. A file that
 * is something else there, or has no directory to be in, is left alone.
 */
int points_make(struct points *points, int root, struct error *err);

/*
 * Remove those that were made, whatever the command has done to the times of
 * their directories, which stay. One that is not empty stays: what is in it
 * was put there after a command had unmounted what hid it.
 */
int points_remove(const struct points *points, int root, struct error *err);

/*
 * When the overlay is no longer mounted: a directory of the image that was copied
 * up for nothing but a point is taken out of the upper directory again.
 */
int points_forget(int upper, struct error *err);

#endif
