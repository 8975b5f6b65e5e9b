/* SPDX-License-Identifier: MIT */
/* layer_place.h - make and clear places in a layer's tree and its sink */
#ifndef GUEST_SHARED_LAYER_PLACE_H
#define GUEST_SHARED_LAYER_PLACE_H

#include "guest/shared/error.h"
#include "guest/shared/layer_apply.h"

/* Where AUFS put the files that have several names. */
#define LAYER_LINK_POOL ".wh..wh.plnk"

/* Make the node a directory, and its parents first, where they are absent. */
int layer_place_directory(struct layer_apply *apply, struct layer_node *node,
			  struct error *err);

/* Remove the node and all below it, from the sink as well. */
int layer_place_clear(struct layer_apply *apply, struct layer_node *node,
		      struct error *err);

/* One more name, `node`, for what is at `target`, which is no directory. */
int layer_place_link(struct layer_apply *apply, struct layer_node *node,
		     const struct layer_node *target, struct error *err);

/* The path of a node, in apply->path. */
const char *layer_place_path(struct layer_apply *apply,
			     const struct layer_node *node);

#endif
