/* SPDX-License-Identifier: MIT */
/* layer_node.c - see layer_node.h */
#include "guest/shared/layer_node.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* A node of tsearch(3), 24 bytes, and what malloc() adds to it and to ours. */
#define OVERHEAD 48 /* bytes */

struct key {
	const char *name;
	size_t size;
};

static int compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
	int order = memcmp(a, b, a_size < b_size ? a_size : b_size);

	if (order != 0)
		return order;
	return a_size < b_size ? -1 : a_size > b_size;
}

static int compare_nodes(const void *a, const void *b)
{
	return strcmp(((const struct layer_node *)a)->name,
		      ((const struct layer_node *)b)->name);
}

/* glibc hands over the key first. */
static int compare_key(const void *key, const void *node)
{
	const struct key *k = key;
	const struct layer_node *n = node;

	return compare(k->name, k->size, n->name, strlen(n->name));
}

size_t layer_node_size(size_t name_size)
{
	return sizeof(struct layer_node) + name_size + 1 + OVERHEAD;
}

struct layer_node *layer_node_child(const struct layer_node *parent,
				    const char *name, size_t size)
{
	struct key key = { name, size };
	void *found = tfind(&key, &parent->children, compare_key);

	return found ? *(struct layer_node **)found : NULL;
}

struct layer_node *layer_node_new(struct layer_node *parent, const char *name,
				  size_t size)
{
	struct layer_node *node = calloc(1, sizeof(*node) + size + 1);

	if (!node)
		return NULL;
	memcpy(node->name, name, size);
	if (!parent)
		return node;

	node->parent = parent;
	node->path_size =
		(uint16_t)(parent->path_size + (parent->parent ? 1 : 0) + size);
	if (!tsearch(node, &parent->children, compare_nodes)) {
		free(node);
		return NULL;
	}
	return node;
}

/* The component that `path` begins with is taken off it. */
static size_t take_component(const char **path)
{
	size_t size = strcspn(*path, "/");

	*path += size;
	*path += **path == '/';
	return size;
}

struct layer_node *layer_node_at(const struct layer_node *root,
				 const char *path)
{
	const struct layer_node *node = root;

	while (node && *path) {
		const char *name = path;

		node = layer_node_child(node, name, take_component(&path));
	}
	return (struct layer_node *)node;
}

struct layer_node *layer_node_place(struct layer_node *root, const char *path,
				    uint64_t *held)
{
	struct layer_node *node = root;

	while (node && *path) {
		const char *name = path;
		size_t size = take_component(&path);
		struct layer_node *child = layer_node_child(node, name, size);

		if (!child && held)
			*held += layer_node_size(size);
		node = child ? child : layer_node_new(node, name, size);
	}
	return node;
}

static int empty_child(struct layer_node *child, void *context)
{
	uint64_t *freed = context;

	*freed += layer_node_empty(child);
	*freed += layer_node_size(strlen(child->name));
	return 0;
}

uint64_t layer_node_empty(struct layer_node *node)
{
	uint64_t freed = node->data_size;

	(void)layer_node_each(node, empty_child, &freed);
	tdestroy(node->children, free);
	node->children = NULL;
	free(node->data);
	node->data = NULL;
	node->data_size = 0;
	return freed;
}

void layer_node_path(const struct layer_node *node, char path[PATH_SIZE])
{
	size_t end = node->path_size;

	path[end] = '\0';
	for (; node->parent; node = node->parent) {
		size_t size = strlen(node->name);

		end -= size;
		memcpy(path + end, node->name, size);
		if (end > 0)
			path[--end] = '/';
	}
}

struct visit {
	int (*visit)(struct layer_node *child, void *context);
	void *context;
	int status;
};

/* twalk_r(3) cannot be stopped, but it can be ignored. */
static void visit_once(const void *nodep, VISIT when, void *context)
{
	struct visit *v = context;

	if ((when == postorder || when == leaf) && v->status == 0)
		v->status = v->visit(*(struct layer_node *const *)nodep,
				     v->context);
}

int layer_node_each(const struct layer_node *node,
		    int (*visit)(struct layer_node *child, void *context),
		    void *context)
{
	struct visit v = { visit, context, 0 };

	twalk_r(node->children, visit_once, &v);
	return v.status;
}
