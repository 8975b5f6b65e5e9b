/* SPDX-License-Identifier: MIT */
/* points.h - where a command's own file systems are mounted in the merged tree */
#ifndef GUEST_AGENT_POINTS_H
#define GUEST_AGENT_POINTS_H

#include <stdbool.h>

#include "guest/shared/error.h"

#define POINTS_COUNT 4

/* "proc", "sys", "dev", "tmp": directories of the root of the tree. */
extern const char *const points_names[POINTS_COUNT];

/* Which of them were not there before. */
struct points {
	bool made[POINTS_COUNT];
};

/*
 * See that each is there in the tree that `root` is open at. The root's own
 * times stay as they are. ENOTDIR if the image has something else there; then
 * nothing is left behind.
 */
int points_make(struct points *points, int root, struct error *err);

/*
 * Remove those that were made, whatever the command has done to the root's
 * times, which stay. One that is not empty stays: what is in it was put there
 * after a command had unmounted what hid it.
 */
int points_remove(const struct points *points, int root, struct error *err);

#endif
