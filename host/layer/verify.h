/* SPDX-License-Identifier: MIT */
/* verify.h - do the layers make the tree that the guest has seen? */
#ifndef HOST_LAYER_VERIFY_H
#define HOST_LAYER_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"

struct verify {
	const struct layer_source *layers; /* base and new, lowest first */
	size_t count;
	int census; /* borrowed; a file, as the guest has sent it (census.h) */

	/* Later mtimes have become this in the new layers; else they are as
	 * they were. Seconds since 1970. */
	bool has_clamp;
	int64_t clamp;

	/* Called here with the bytes that were read since; anything but 0 ends
	 * it with ECANCELED. May be NULL. */
	int (*advance)(void *context, uint64_t bytes);
	void *context;
};

/*
 * Put the layers on top of each other, as flatten_layers() does, which has
 * nothing in common with what has written the new ones, and compare the tree
 * with the census, path by path. All of it in a jail (jail.h).
 *
 * EBADMSG for the first difference, with the path and what differs; EPROTO for
 * what is no census. Otherwise as flatten_layers() and jail_run().
 */
int verify_layers(const struct verify *verify, struct error *err);

/* What verify_layers() does in its jail; for tests. */
int verify_compare(const struct verify *verify, struct error *err);

/*
 * Which of two paths comes first in a census: negative, 0 or positive. What is
 * in a directory follows it at once.
 */
int verify_order(const char *a, const char *b);

#endif
