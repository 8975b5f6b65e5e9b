/* SPDX-License-Identifier: MIT */
/* flat_tree.c - see flat_tree.h */
#include "host/layer/flat_tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int say_memory(struct error *err)
{
	return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
}

static int charge(struct flat_tree *tree, size_t size, struct error *err)
{
	tree->held += size;
	if (tree->held > FLAT_HELD_MAX)
		return error_set(err, E2BIG,
				 "more names than fit into %" PRIu64
				 " bytes of memory",
				 FLAT_HELD_MAX);
	return 0;
}

struct flat_inode *flat_tree_inode(struct flat_tree *tree,
				   const struct layer_entry *entry,
				   struct error *err)
{
	struct flat_inode *inode = calloc(1, sizeof(*inode));
	size_t size = 0;

	if (!inode) {
		say_memory(err);
		return NULL;
	}
	inode->next = tree->inodes;
	tree->inodes = inode; /* whatever fails, it is released with all */
	inode->entry = layer_entry_copy(entry, &size);
	if (entry->target)
		inode->target = strdup(entry->target);
	if (!inode->entry || (entry->target && !inode->target)) {
		say_memory(err);
		return NULL;
	}
	size += sizeof(*inode) + (entry->target ? strlen(entry->target) : 0);
	return charge(tree, size, err) < 0 ? NULL : inode;
}

static struct layer_node *child_of(struct flat_tree *tree,
				   struct layer_node *parent, const char *name,
				   size_t size, struct error *err)
{
	struct layer_node *child = layer_node_child(parent, name, size);

	if (child)
		return child;
	if (charge(tree, layer_node_size(size), err) < 0)
		return NULL;
	child = layer_node_new(parent, name, size);
	if (!child)
		say_memory(err);
	return child;
}

static int start(struct layer_node **root, struct error *err)
{
	if (!*root)
		*root = layer_node_new(NULL, "", 0);
	return *root ? 0 : say_memory(err);
}

struct layer_node *flat_tree_place(struct flat_tree *tree, const char *path,
				   struct error *err)
{
	struct layer_node *node;

	if (start(&tree->layer, err) < 0)
		return NULL;
	node = tree->layer;
	while (node && *path) {
		size_t size = strcspn(path, "/");

		node = child_of(tree, node, path, size, err);
		path += size + (path[size] == '/');
	}
	return node;
}

int flat_tree_set(struct flat_tree *tree, struct layer_node *node,
		  enum layer_kind kind, struct flat_inode *inode,
		  struct error *err)
{
	struct flat_name *name = node->data;

	if (inode && !name) {
		name = malloc(sizeof(*name));
		if (!name)
			return say_memory(err);
		node->data = name;
		node->data_size = sizeof(*name);
		if (charge(tree, sizeof(*name), err) < 0)
			return -1;
	}
	if (inode)
		name->inode = inode;
	node->kind = (uint8_t)kind;
	return 0;
}

struct flat_inode *flat_node_inode(const struct layer_node *node)
{
	const struct flat_name *name = node->data;

	return name ? name->inode : NULL;
}

static void clear(struct flat_tree *tree, struct layer_node *node)
{
	tree->held -= layer_node_empty(node);
	node->kind = LAYER_ABSENT;
}

struct merging {
	struct flat_tree *tree;
	struct layer_node *into;
	struct error *err;
};

static int merge_directory(struct flat_tree *tree, struct layer_node *into,
			   struct layer_node *from, struct error *err);

static int merge_child(struct layer_node *from, void *context)
{
	struct merging *m = context;
	size_t size = strlen(from->name);
	struct layer_node *into = layer_node_child(m->into, from->name, size);

	if (from->kind == LAYER_ABSENT) {
		if (into && from->whiteout)
			clear(m->tree, into);
		return 0;
	}
	if (!into)
		into = child_of(m->tree, m->into, from->name, size, m->err);
	if (!into)
		return -1;
	if (from->kind == LAYER_DIRECTORY)
		return merge_directory(m->tree, into, from, m->err);
	clear(m->tree, into);
	return flat_tree_set(m->tree, into, (enum layer_kind)from->kind,
			     flat_node_inode(from), m->err);
}

/* As deep as paths have components, at most 2,048. */
static int merge_directory(struct flat_tree *tree, struct layer_node *into,
			   struct layer_node *from, struct error *err)
{
	struct merging below = { tree, into, err };
	struct flat_inode *inode = flat_node_inode(from);
	struct flat_inode *old =
		into->kind == LAYER_DIRECTORY ? flat_node_inode(into) : NULL;

	/* What was in an opaque directory is gone; what it was need not be. */
	if (!old || from->opaque)
		clear(tree, into);
	if (flat_tree_set(tree, into, LAYER_DIRECTORY,
			  inode->inherits && old ? old : inode, err) < 0)
		return -1;
	return layer_node_each(from, merge_child, &below);
}

int flat_tree_merge(struct flat_tree *tree, struct error *err)
{
	int status;

	if (start(&tree->root, err) < 0)
		return -1;
	if (!tree->layer || !tree->layer->data)
		return 0;
	status = merge_directory(tree, tree->root, tree->layer, err);
	clear(tree, tree->layer);
	tree->layer->opaque = false;
	return status;
}

static void release_root(struct layer_node *root)
{
	if (root)
		(void)layer_node_empty(root);
	free(root);
}

void flat_tree_release(struct flat_tree *tree)
{
	struct flat_inode *next;

	release_root(tree->root);
	release_root(tree->layer);
	for (struct flat_inode *i = tree->inodes; i; i = next) {
		next = i->next;
		free(i->entry);
		free(i->target);
		free(i);
	}
	*tree = (struct flat_tree){ 0 };
}
