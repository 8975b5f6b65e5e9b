/* SPDX-License-Identifier: MIT */
/* flat_content.h - the bytes of a file of a flattened tree */
#ifndef HOST_LAYER_FLAT_CONTENT_H
#define HOST_LAYER_FLAT_CONTENT_H

#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"
#include "guest/shared/tar.h"
#include "host/layer/flat_tree.h"
#include "host/layer/flatten.h"

/*
 * Read the bytes of the regular file where they lie, in one of `layers`, and
 * give them to the sink, holes as zeros. Fails as layer_slice_error() says, with
 * ECANCELED if options->advance() says so, and with what the sink says.
 */
int flat_content(const struct flat_inode *inode,
		 const struct layer_source *layers,
		 const struct flatten_options *options,
		 const struct tar_sink *sink, struct error *err);

#endif
