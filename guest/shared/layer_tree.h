/* SPDX-License-Identifier: MIT */
/* layer_tree.h - which paths a layer has had so far, in memory only */
#ifndef GUEST_SHARED_LAYER_TREE_H
#define GUEST_SHARED_LAYER_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_node.h"

/* What one layer may hold in memory: a hostile one must not eat the guest.
 * A million files of an ordinary image take a tenth of a gigabyte. */
#define LAYER_HELD_MAX (UINT64_C(256) << 20) /* bytes */

/* As many symlinks as Linux follows in one path (path_resolution(7)). */
#define LAYER_HOPS_MAX 40

struct layer_tree {
	struct layer_node *root; /* owned; NULL before layer_tree_init() */
	uint64_t held;		 /* bytes in use, of LAYER_HELD_MAX */

	/* The directory of the last look-up, and how it was spelt: entries
	 * of one directory mostly stand together. */
	struct layer_node *near;
	char near_path[PATH_SIZE];
};

/* A tree with a root, a directory. Fails with ENOMEM. */
int layer_tree_init(struct layer_tree *tree, struct error *err);
void layer_tree_release(struct layer_tree *tree);

DEFINE_AUTO(layer_tree, layer_tree_release)

/*
 * Find the node of `path`, in normal form and not the root. Symlinks that the
 * tree has are followed in its directory part, never out of the root; the last
 * component is not followed. ELOOP: more than LAYER_HOPS_MAX of them; ENOTDIR:
 * a parent is neither a directory nor a symlink; ENAMETOOLONG.
 *
 * layer_tree_find() sets *node to NULL if the path is not there.
 * layer_tree_place() makes it and what is missing above it, all LAYER_ABSENT,
 * and fails with E2BIG beyond LAYER_HELD_MAX.
 */
int layer_tree_find(struct layer_tree *tree, const char *path,
		    struct layer_node **node, struct error *err);
int layer_tree_place(struct layer_tree *tree, const char *path,
		     struct layer_node **node, struct error *err);

/* As layer_tree_place(), for the directory that `path` is in alone. */
int layer_tree_place_parent(struct layer_tree *tree, const char *path,
			    struct layer_node **node, struct error *err);

/*
 * Say what a node is. Takes over `data`, `size` bytes from malloc() or NULL,
 * also when it fails (E2BIG). Anything but a directory loses what was below.
 */
int layer_tree_set(struct layer_tree *tree, struct layer_node *node,
		   enum layer_kind kind, void *data, size_t size,
		   struct error *err);

/* Make the node LAYER_ABSENT and forget all below it. Its whiteout mark stays,
 * as that was said of the layers below. */
void layer_tree_clear(struct layer_tree *tree, struct layer_node *node);

/* Count `size` bytes that are held for this layer elsewhere, or fail (E2BIG). */
int layer_tree_charge(struct layer_tree *tree, size_t size, struct error *err);

#endif
