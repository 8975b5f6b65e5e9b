/* SPDX-License-Identifier: MIT */
/* layer_sink.h - where the content of a layer goes */
#ifndef GUEST_SHARED_LAYER_SINK_H
#define GUEST_SHARED_LAYER_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"

/* Bytes of a file and where they belong; between blocks there are holes. */
struct layer_block {
	const void *bytes; /* good until the next call of next() */
	size_t size;
	uint64_t offset;
};

/* The data of one regular file, front to back. */
struct layer_data {
	/* 1 and a block, 0 at the end of the file, -1 and *err. The blocks
	 * ascend and lie within the entry's size. */
	int (*next)(struct layer_data *data, struct layer_block *block,
		    struct error *err);

	/* Where the entry is in the layer: from its first header on, and at
	 * least as much as its headers and its data have. Who does not want
	 * the data now finds it there as the first entry of a tar. */
	uint64_t position; /* bytes */
	uint64_t span;	   /* bytes */
};

/* What settle() is told besides the attributes. */
enum layer_settle {
	/* Nothing of this directory in the layers below shows. */
	LAYER_SETTLE_OPAQUE = 1,
	/* The layer has no entry for this directory: the attributes given are
	 * a default for when the layers below do not have it either. */
	LAYER_SETTLE_INHERIT = 2,
};

/*
 * The operations of a sink, in the words of a file system, so that a sink is
 * told what to do and decides nothing. All paths are in normal form and have
 * no symlink of the layer among their parents; a sink still must not follow
 * one. Each returns 0, or -1 with *err, which ends the layer; messages need
 * not name the path.
 *
 * While the layer is read: make_directory(), add(), link() and remove(), each
 * with the parent directory already made and, but for remove(), nothing at
 * the path. At the end of the layer, as only then it is known: late link()s,
 * whiteout()s with the directories they need, and settle() for each directory,
 * children before their parent and the root ("") last. The calls depend on
 * nothing but the layer's bytes: a sink that cannot take back what it was
 * given may read the layer twice and skip in the second turn what was removed
 * in the first.
 */
struct layer_sink {
	/* A directory; whose, and with what mode, settle() says. */
	int (*make_directory)(struct layer_sink *sink, const char *path,
			      struct error *err);

	/* Anything but a directory, with all its attributes. `data` is for
	 * regular files, and may be left unread. */
	int (*add)(struct layer_sink *sink, const struct layer_entry *entry,
		   struct layer_data *data, struct error *err);

	/* One more name for what add() made at `target`. */
	int (*link)(struct layer_sink *sink, const char *path,
		    const char *target, struct error *err);

	/* Undo what came before: a later entry takes its place. A directory
	 * is empty by then. */
	int (*remove)(struct layer_sink *sink, const char *path,
		      int is_directory, struct error *err);

	/* `path` of the layers below is deleted. */
	int (*whiteout)(struct layer_sink *sink, const char *path,
			struct error *err);

	/* The last word on a directory; nothing in it changes after this.
	 * `flags` is of enum layer_settle. */
	int (*settle)(struct layer_sink *sink, const struct layer_entry *entry,
		      unsigned int flags, struct error *err);
};

#endif
