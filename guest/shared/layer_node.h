/* SPDX-License-Identifier: MIT */
/* layer_node.h - one path of a layer, as the tree of its paths remembers it */
#ifndef GUEST_SHARED_LAYER_NODE_H
#define GUEST_SHARED_LAYER_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/path.h"

enum layer_kind {
	LAYER_ABSENT,	 /* no entry: a place for marks on it or below it */
	LAYER_DIRECTORY, /* data: its layer_entry, NULL while only implied */
	LAYER_SYMLINK,	 /* data: the target, a string */
	LAYER_OTHER,	 /* a file, a device, a FIFO */
	LAYER_LATE_LINK, /* a hard link whose target has not come yet */
};

/* 48 bytes and the name. Owned by its parent, the root by its tree. */
struct layer_node {
	struct layer_node *parent; /* NULL of the root */
	void *children;		   /* of tsearch(3) */
	void *data;		   /* owned, see enum layer_kind */
	uint32_t data_size;	   /* bytes */
	uint32_t late;		   /* which one, of a LAYER_LATE_LINK */
	uint16_t path_size;	   /* bytes of the path, without the NUL */
	uint8_t kind;		   /* enum layer_kind */
	bool whiteout;		   /* mark: the path is deleted below */
	bool opaque;		   /* mark: what is in it is deleted below */
	char name[];
};

/* What a node of this name takes, all told. */
size_t layer_node_size(size_t name_size);

/* The child with the name of `size` bytes, or NULL. Costs the logarithm of the
 * number of children, whatever their names. */
struct layer_node *layer_node_child(const struct layer_node *parent,
				    const char *name, size_t size);

/* A new child, LAYER_ABSENT, of a name that has none yet; a root if parent is
 * NULL. NULL if there is no memory. */
struct layer_node *layer_node_new(struct layer_node *parent, const char *name,
				  size_t size);

/*
 * For trees of other owners than layer_tree.h: the node at `path`, in normal
 * form, below a root of any kind; no symlink is followed. layer_node_at() is
 * NULL if it is not there. layer_node_place() makes it, and what is missing
 * above it, all LAYER_ABSENT, and adds what they take to *held (may be NULL):
 * that of one path alone is bounded. NULL if there is no memory.
 */
struct layer_node *layer_node_at(const struct layer_node *root,
				 const char *path);
struct layer_node *layer_node_place(struct layer_node *root, const char *path,
				    uint64_t *held);

/* Free a node's data and all below it; returns the bytes that were in use. */
uint64_t layer_node_empty(struct layer_node *node);

/* Write the path of a node, which has no symlink in it. */
void layer_node_path(const struct layer_node *node, char path[PATH_SIZE]);

/*
 * Call `visit` for each child in bytewise order until it returns other than 0,
 * and return that. It may change what the nodes say, but not add or free any.
 */
int layer_node_each(const struct layer_node *node,
		    int (*visit)(struct layer_node *child, void *context),
		    void *context);

#endif
