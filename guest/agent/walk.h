/* SPDX-License-Identifier: MIT */
/* walk.h - a walk through a directory tree of any depth, one descriptor long */
#ifndef GUEST_AGENT_WALK_H
#define GUEST_AGENT_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "guest/agent/names.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/* A directory on the way from the root to where the walk is. */
struct walk_level {
	struct names names;
	size_t next;	    /* which of them walk_next() gives next */
	size_t path_length; /* bytes of the walk's path up to here */
	struct stat st;	    /* as it was before its names were read */
	bool opaque;	    /* the caller's to use; false at first */
	bool hidden;	    /* the caller's to use; false at first */
};

/*
 * The walk is always in one directory, which is also the working directory
 * of the process: xattrs of symlinks and devices can only be reached by name,
 * and a name relative to the working directory is the shortest way there, of
 * any depth. Nothing else may change the tree or the working directory
 * meanwhile. Usable from { 0 }.
 */
struct walk {
	bool started;
	int fd;			   /* the directory the walk is in */
	int home;		   /* working directory to go back to */
	struct walk_level *levels; /* owned; the root is levels[0] */
	size_t depth;		   /* levels in use */
	size_t room;
	char *path; /* owned; bytes, see walk_path() */
	size_t path_room;
};

/* Begin in the directory `root`, which stays the caller's (O_PATH is fine). */
int walk_start(struct walk *walk, int root, struct error *err);

/* Where the walk is; valid until the next walk_enter() or walk_leave(). */
struct walk_level *walk_level(const struct walk *walk);

/* The next name of this directory, or NULL after the last. */
const struct name *walk_next(struct walk *walk);

/*
 * Go into the directory `name`. Fails with EXDEV if another file system is
 * mounted there, and with what openat(2) and getdents64(2) say.
 */
int walk_enter(struct walk *walk, const char *name, struct error *err);

/* Go back to the directory above; EIO if that is not where it came from. */
int walk_leave(struct walk *walk, struct error *err);

/*
 * Path from the root of the tree to `name` in this directory, or to the
 * directory itself if name is NULL: "etc/passwd", "etc", "" for the root. In
 * a buffer of the walk: valid until the next call.
 */
const char *walk_path(struct walk *walk, const char *name);

/* The same for messages, where the root is called ".". */
const char *walk_say(struct walk *walk, const char *name);

/* Goes back to the working directory as it was before walk_start(). */
void walk_release(struct walk *walk);

DEFINE_AUTO(walk, walk_release)

#endif
