/* SPDX-License-Identifier: MIT */
/* hidden.h - what a layer deletes without a whiteout of its own for it */
#ifndef HOST_LAYER_HIDDEN_H
#define HOST_LAYER_HIDDEN_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_node.h"
#include "host/layer/base.h"
#include "host/layer/listing.h"

/* The paths of the layer, each with what leads to it. Usable from { 0 }. */
struct hidden {
	struct layer_node *root; /* owned; NULL before the first */
};

/* The layer has this line. Every line is noted before any is asked about. */
int hidden_note(struct hidden *hidden, const struct listing_line *line,
		struct error *err);

/*
 * If the layer makes the line's path opaque, or something that is no
 * directory: append a line for each path that the base has in it and the layer
 * does not. Fails as listing_append() does.
 */
int hidden_append(const struct hidden *hidden, const struct base *base,
		  const struct listing_line *line, struct listing *to,
		  struct error *err);

void hidden_release(struct hidden *hidden);

DEFINE_AUTO(hidden, hidden_release)

#endif
