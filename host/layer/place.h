/* SPDX-License-Identifier: MIT */
/* place.h - is the next path of a layer in its right place? */
#ifndef HOST_LAYER_PLACE_H
#define HOST_LAYER_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/path.h"

/* A directory that is not over yet: more of what is in it may come. */
struct place_level {
	size_t length; /* bytes of its path; 0: the root */
	char *hidden;  /* owned; the names its whiteouts hide, in order */
	size_t used;   /* bytes of them, each with its NUL */
	size_t room;
	size_t next; /* where the first is that may still be met */
	char last[PATH_COMPONENT_MAX + 8]; /* the name that came last in it */
};

/*
 * Every directory is followed at once by what is in it, in the order of
 * guest/shared/order.h: so what can still come is only in the directories on
 * the way to the last path, and memory goes with the depth, and with the
 * whiteouts in those. Usable from { 0 }.
 */
struct place {
	struct place_level *levels; /* owned */
	size_t depth;
	size_t room;
	char path[PATH_SIZE]; /* of the innermost directory */
	uint64_t names;	      /* bytes of hidden names that are kept */
};

/*
 * Take the next path, in normal form and not the root; it is a directory or
 * not. Refuses with EPROTO one that does not follow its directory, that is
 * there twice or out of order, and one that a whiteout of the same layer
 * hides; and with E2BIG if more than `limit` bytes of hidden names would have
 * to be kept.
 */
int place_take(struct place *place, const char *path, bool directory,
	       uint64_t limit, struct error *err);

void place_release(struct place *place);

DEFINE_AUTO(place, place_release)

#endif
