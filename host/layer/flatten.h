/* SPDX-License-Identifier: MIT */
/* flatten.h - the layers of an image become one tar */
#ifndef HOST_LAYER_FLATTEN_H
#define HOST_LAYER_FLATTEN_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"
#include "guest/shared/tar.h"

struct flatten_options {
	/* Bytes that the tar may have; 0: IMAGE_LIMIT_DEFAULT. A layer of one
	 * block can have a hole of any size. */
	uint64_t limit;

	/* Called for each entry, with bytes that were read; anything but 0
	 * ends it with ECANCELED. May be NULL. */
	int (*advance)(void *context, uint64_t bytes);

	/* Gets each warning, one printable line; may be NULL. */
	void (*warn)(void *context, const char *message);
	void *context; /* for the two */
};

/*
 * Give `sink` the tree that the layers make, the lowest first, by the rules of
 * guest/shared/layer_apply.h and overlayfs: a tar of the same form as that of
 * a layer (guest/agent/upper.h), with the root ("./") first and without
 * markers. Times are whole seconds, rounded down.
 *
 * Nothing is extracted: the layers are read once for what there is, and files
 * of the result once more where they lie. Memory goes with the names, not with
 * the bytes. Fails as layer_read() does, naming the layer; with ECANCELED,
 * E2BIG beyond FLAT_HELD_MAX, EFBIG for an entry beyond the limit, before any
 * of it is written, and what the sink says.
 */
int flatten_layers(const struct layer_source *layers, size_t count,
		   const struct flatten_options *options,
		   const struct tar_sink *sink, struct error *err);

#endif
