/* SPDX-License-Identifier: MIT */
/* cache.h - directories that are kept from run to run */
#ifndef HOST_LAYER_CACHE_H
#define HOST_LAYER_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * The cache has a directory for each kind of thing, and in it one for each
 * thing: <cache>/layers/NAME, <cache>/templates/NAME. Whoever uses one holds a
 * shared lock on it (flock(2)); its mtime is when it was last used. Names with
 * a dot are no things, but what is being made or removed.
 */
struct cache_item {
	const char *kind; /* "layers"; static */
	char *name;	  /* owned */
	char *path;	  /* owned */
	uint64_t size;	  /* bytes that it takes on the disk */
	time_t used;	  /* when it was last used, seconds since 1970 */
	bool in_use;	  /* by a run, now */
};

struct cache_list {
	struct cache_item *items; /* owned; the least recently used first */
	size_t count;
};

/*
 * Use the directory: returns it open and locked, for as long as it is open,
 * and notes the time. ENOENT if it is not there or is being removed, EPERM if
 * it is somebody else's, who could change it.
 */
int cache_use(const char *path, struct error *err);

/*
 * Give the directory `made` the name `path`, in the place of whatever has it.
 * Both are in one directory. What had the name is removed.
 */
int cache_put(const char *made, const char *path, struct error *err);

/* All things of all kinds, below the directory `top`. No cache: an empty list. */
int cache_list_all(struct cache_list *list, const char *top, struct error *err);

/* Those of one kind, which are in the directory `dir`. */
int cache_list_kind(struct cache_list *list, const char *dir, const char *kind,
		    struct error *err);

/*
 * Remove the thing, unless it is used: *removed says if it was. It has gone
 * from its place at once or not at all.
 */
int cache_remove(const struct cache_item *item, bool *removed,
		 struct error *err);

/*
 * Remove the least recently used of the list that are not in use, until what
 * is left takes at most `limit` bytes. *freed gets the bytes, *removed the
 * number.
 */
int cache_trim(const struct cache_list *list, uint64_t limit, uint64_t *freed,
	       size_t *removed, struct error *err);

void cache_list_release(struct cache_list *list);

DEFINE_AUTO(cache_list, cache_list_release)

#endif
