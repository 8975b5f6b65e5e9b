/* SPDX-License-Identifier: MIT */
/* flat_read.h - read a layer into a tree of all layers */
#ifndef HOST_LAYER_FLAT_READ_H
#define HOST_LAYER_FLAT_READ_H

#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"
#include "host/layer/flat_tree.h"
#include "host/layer/flatten.h"

/* Read the layer of this number, from 0, and merge it. */
int flat_read(struct flat_tree *tree, const struct layer_source *source,
	      size_t number, const struct flatten_options *options,
	      struct error *err);

#endif
