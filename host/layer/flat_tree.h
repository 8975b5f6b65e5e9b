/* SPDX-License-Identifier: MIT */
/* flat_tree.h - layers one upon the other, as one tree in memory */
#ifndef HOST_LAYER_FLAT_TREE_H
#define HOST_LAYER_FLAT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"
#include "guest/shared/layer_node.h"

/* What all layers together may take: a hostile image must not eat the host. */
#define FLAT_HELD_MAX (UINT64_C(1) << 30) /* bytes */

/* What one or more names stand for. */
struct flat_inode {
	struct flat_inode *next;   /* of the tree's list */
	struct layer_entry *entry; /* owned; without path and target */
	char *target;		   /* owned; of a symlink, else NULL */
	bool inherits; /* a directory that its layer does not describe */

	/* Of a regular file: where its bytes are; see struct layer_data. */
	size_t layer; /* from 0, the lowest */
	uint64_t position;
	uint64_t span;

	const struct layer_node *first; /* whoever writes: the first name */
};

/*
 * The data of each node that is not LAYER_ABSENT is a struct flat_name; a
 * directory of a layer has none before it is settled. Usable from { 0 }.
 */
struct flat_name {
	struct flat_inode *inode; /* the tree's */
};

struct flat_tree {
	struct layer_node *root;   /* owned; of all layers that were merged */
	struct layer_node *layer;  /* owned; of the layer at hand */
	struct flat_inode *inodes; /* owned, all there ever were */
	uint64_t held;		   /* bytes, of FLAT_HELD_MAX */
};

/* An inode that is a copy of the entry. E2BIG beyond FLAT_HELD_MAX, ENOMEM. */
struct flat_inode *flat_tree_inode(struct flat_tree *tree,
				   const struct layer_entry *entry,
				   struct error *err);

/* The node of the layer at hand for a path in normal form; it and what is above
 * it are made where they are missing. NULL as above. */
struct layer_node *flat_tree_place(struct flat_tree *tree, const char *path,
				   struct error *err);

/* Say what stands at a node. As above. */
int flat_tree_set(struct flat_tree *tree, struct layer_node *node,
		  enum layer_kind kind, struct flat_inode *inode,
		  struct error *err);

/* What the node stands for; NULL if it has no data. */
struct flat_inode *flat_node_inode(const struct layer_node *node);

/*
 * Put the layer at hand on top of the ones before, as overlayfs does it, and
 * begin a new one. A directory that its layer does not describe keeps its
 * attributes from below. As above.
 */
int flat_tree_merge(struct flat_tree *tree, struct error *err);

void flat_tree_release(struct flat_tree *tree);

DEFINE_AUTO(flat_tree, flat_tree_release)

#endif
