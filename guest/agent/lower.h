/* SPDX-License-Identifier: MIT */
/* lower.h - what lies below the directory that a walk is in */
#ifndef GUEST_AGENT_LOWER_H
#define GUEST_AGENT_LOWER_H

#include <stddef.h>

#include "guest/agent/walk.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * Follows a walk of an upper directory through the tree below it, but goes
 * only where it is asked: most directories hold no whiteout. Symlinks of the
 * lower tree are not followed, as overlayfs does not merge through them.
 */
struct lower {
	int root;     /* the caller's; -1 if there is nothing below */
	int fd;	      /* O_PATH, the directory it is in; owned */
	size_t depth; /* of that directory, as the walk counts; 0: not begun */
};

void lower_start(struct lower *lower, int root);

/*
 * Is there a directory below the one that the walk is in? 1 or 0, or -1 with
 * *err filled in.
 */
int lower_has_directory(struct lower *lower, const struct walk *walk,
			struct error *err);

/*
 * Is there anything of that name in it? A whiteout device counts as nothing:
 * the tree below may be a single, unmerged layer.
 */
int lower_has_name(struct lower *lower, const struct walk *walk,
		   const char *name, struct error *err);

/* To be called after each walk_leave(). */
int lower_leave(struct lower *lower, const struct walk *walk,
		struct error *err);

void lower_release(struct lower *lower);

DEFINE_AUTO(lower, lower_release)

#endif
