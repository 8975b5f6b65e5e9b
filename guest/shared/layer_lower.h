/* SPDX-License-Identifier: MIT */
/* layer_lower.h - what the layers below have */
#ifndef GUEST_SHARED_LAYER_LOWER_H
#define GUEST_SHARED_LAYER_LOWER_H

#include <stdbool.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"

/* The merged view of the layers below, opened when first asked for. */
struct layer_lower {
	/* See struct layer_dir_options; NULL: there is none. */
	int (*open)(void *context, struct error *err);
	void *context;
	int root;   /* owned, -1 before it was opened or if there is none */
	bool asked; /* open() has been called */
};

struct layer_attributes {
	bool found;
	struct layer_entry entry;   /* path is borrowed from the call */
	struct layer_xattr *xattrs; /* owned, with the bytes below */
	char *bytes;		    /* owned: names and values */
};

/*
 * Read the attributes of the directory `path`, xattrs but for trusted.overlay.*
 * included. attributes->found is false if the layers below have no directory
 * there, or one only by way of a symlink.
 */
int layer_lower_read(struct layer_lower *lower, const char *path,
		     struct layer_attributes *attributes, struct error *err);

/*
 * Whether the layers below have anything at `path`, by way of directories
 * alone. True if nobody can tell, as open is NULL.
 */
int layer_lower_has(struct layer_lower *lower, const char *path, bool *has,
		    struct error *err);

void layer_attributes_release(struct layer_attributes *attributes);
void layer_lower_release(struct layer_lower *lower);

DEFINE_AUTO(layer_attributes, layer_attributes_release)

#endif
