/* SPDX-License-Identifier: MIT */
/* layer_read.h - read an image layer: a tar, whatever it says and how */
#ifndef GUEST_SHARED_LAYER_READ_H
#define GUEST_SHARED_LAYER_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_sink.h"
#include "guest/shared/layer_slice.h"

#define LAYER_ENTRIES_MAX UINT64_C(4000000)

struct layer_options {
	/* Gets each warning, one printable line. NULL: they are counted. */
	void (*warn)(void *context, const char *message);
	void *warn_context; /* of both */

	/* Called for each MiB that is read, or NULL. */
	void (*advance)(void *context);
};

struct layer_stats {
	uint64_t
		entries; /* of the tar, markers and what was skipped included */
	uint64_t warnings;
	uint64_t bytes; /* of file data */

	/* The layer hides everything below it (".wh..wh..opq" in its root).
	 * overlayfs does not look for that on the root of a lower directory:
	 * whoever mounts must leave out the layers below. */
	bool opaque_root;

	/* It does not describe its root, which INHERITs (layer_sink.h). */
	bool root_implied;
};

/*
 * Read the layer and give what it says to the sink, by the rules in
 * layer_apply.h and layer_header.h. A slice of no bytes and a tar of no entries
 * are legal. The tar ends where tar(1) sees its end: at a block of zeros or at
 * the end of the slice.
 *
 * Fails on the first thing that is wrong, naming the entry: "entry 'a/b': '..'
 * in the name". The code is the sink's if it failed, EBADMSG for a malformed
 * archive, E2BIG beyond LAYER_ENTRIES_MAX, LAYER_HELD_MAX or the limits of
 * layer_header.h, EINVAL and others for an entry that is refused. What the sink
 * has by then is of no use. *stats is filled in on failure too.
 *
 * libarchive's complaint that it cannot convert a name is none: the bytes of
 * names are taken as they are. Everything else it complains of is a failure.
 */
int layer_read(const struct layer_source *source, struct layer_sink *sink,
	       const struct layer_options *options, struct layer_stats *stats,
	       struct error *err);

#endif
