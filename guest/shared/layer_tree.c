/* SPDX-License-Identifier: MIT */
/* layer_tree.c - see layer_tree.h */
#include "guest/shared/layer_tree.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct component {
	const char *name;
	size_t size;
};

static int check_name(const struct layer_node *parent, size_t size,
		      struct error *err)
{
	if (size > PATH_COMPONENT_MAX)
		return error_set(err, ENAMETOOLONG,
				 "component of %zu bytes, more than %d", size,
				 PATH_COMPONENT_MAX);
	if (parent->path_size + 1 + size >= PATH_SIZE)
		return error_set(err, ENAMETOOLONG,
				 "path of more than %d bytes", PATH_SIZE - 1);
	return 0;
}

static int add_child(struct layer_tree *tree, struct layer_node *parent,
		     struct component name, struct layer_node **out,
		     struct error *err)
{
	struct layer_node *node;

	if (check_name(parent, name.size, err) < 0 ||
	    layer_tree_charge(tree, layer_node_size(name.size), err) < 0)
		return -1;
	node = layer_node_new(parent, name.name, name.size);
	if (!node)
		return error_errno(err, "remember a name");
	*out = node;
	return 0;
}

/* A path on its way from the root: where it is, and what is still to go. */
struct walk {
	struct layer_tree *tree;
	struct layer_node *node; /* the deepest place that is there */
	char missing[PATH_SIZE]; /* what is not there below it, "" or "a/b" */
	char rest[2 * PATH_SIZE];
	unsigned int hops;
};

static int not_a_directory(const struct layer_node *node, struct error *err)
{
	char path[PATH_SIZE];

	layer_node_path(node, path);
	return error_set(err, ENOTDIR, "its parent '%.400s' is not a directory",
			 path);
}

/* Put the symlink's target in front of what is still to go. */
static int follow(struct walk *walk, const struct layer_node *link,
		  const char *rest, struct error *err)
{
	const char *target = link->data;
	char joined[sizeof(walk->rest)];
	int size;

	if (++walk->hops > LAYER_HOPS_MAX)
		return error_set(err, ELOOP, "more than %d symlinks in its way",
				 LAYER_HOPS_MAX);
	size = snprintf(joined, sizeof(joined), "%s/%s", target, rest);
	if (size < 0 || (size_t)size >= sizeof(joined))
		return error_set(err, ENAMETOOLONG,
				 "path of more than %d bytes", PATH_SIZE - 1);
	memcpy(walk->rest, joined, (size_t)size + 1);
	if (*target == '/')
		walk->node = walk->tree->root;
	return 0;
}

static void step_up(struct walk *walk)
{
	char *slash = strrchr(walk->missing, '/');

	if (slash)
		*slash = '\0';
	else if (walk->missing[0])
		walk->missing[0] = '\0';
	else if (walk->node->parent)
		walk->node = walk->node->parent;
}

static int step_into_missing(struct walk *walk, struct component name,
			     struct error *err)
{
	size_t used = strlen(walk->missing);

	if (used + 1 + name.size >= sizeof(walk->missing))
		return error_set(err, ENAMETOOLONG,
				 "path of more than %d bytes", PATH_SIZE - 1);
	if (used > 0)
		walk->missing[used++] = '/';
	memcpy(walk->missing + used, name.name, name.size);
	walk->missing[used + name.size] = '\0';
	return 0;
}

static int step_down(struct walk *walk, struct component name, const char *rest,
		     struct error *err)
{
	struct layer_node *child = NULL;

	if (!walk->missing[0])
		child = layer_node_child(walk->node, name.name, name.size);
	if (!child)
		return step_into_missing(walk, name, err);
	switch ((enum layer_kind)child->kind) {
	case LAYER_ABSENT:
	case LAYER_DIRECTORY:
		walk->node = child;
		return 0;
	case LAYER_SYMLINK:
		return follow(walk, child, rest, err);
	case LAYER_OTHER:
	case LAYER_LATE_LINK:
		break;
	}
	return not_a_directory(child, err);
}

static bool is_word(struct component name, const char *word)
{
	return name.size == strlen(word) &&
	       memcmp(name.name, word, name.size) == 0;
}

/* Walk the directory part of a path as far as there is something. */
static int walk_directory(struct walk *walk, const char *path, size_t size,
			  struct error *err)
{
	const char *at = walk->rest;

	memcpy(walk->rest, path, size);
	walk->rest[size] = '\0';
	while (*at) {
		struct component name = { at, strcspn(at, "/") };
		const char *rest = at + name.size + strspn(at + name.size, "/");
		unsigned int hops = walk->hops;

		if (is_word(name, ".."))
			step_up(walk);
		else if (name.size > 0 && !is_word(name, ".") &&
			 step_down(walk, name, rest, err) < 0)
			return -1;
		at = walk->hops != hops ? walk->rest : rest;
	}
	return 0;
}

/* Make places for what a walk did not find. */
static int make_missing(struct walk *walk, struct error *err)
{
	for (const char *at = walk->missing; *at;) {
		struct component name = { at, strcspn(at, "/") };

		if (add_child(walk->tree, walk->node, name, &walk->node, err) <
		    0)
			return -1;
		at += name.size;
		at += strspn(at, "/");
	}
	walk->missing[0] = '\0';
	return 0;
}

/* *node: the directory that `path` is in, or NULL if it is not there. */
static int find_directory(struct layer_tree *tree, const char *path,
			  bool create, struct layer_node **node,
			  struct error *err)
{
	const char *base = path_base(path);
	size_t size = base == path ? 0 : (size_t)(base - path) - 1;
	struct walk walk;

	if (tree->near && strncmp(tree->near_path, path, size) == 0 &&
	    tree->near_path[size] == '\0') {
		*node = tree->near;
		return 0;
	}

	walk.tree = tree;
	walk.node = tree->root;
	walk.missing[0] = '\0';
	walk.hops = 0;
	if (walk_directory(&walk, path, size, err) < 0 ||
	    (create && make_missing(&walk, err) < 0))
		return -1;
	*node = NULL;
	if (walk.missing[0])
		return 0;

	*node = walk.node;
	tree->near = walk.node;
	memcpy(tree->near_path, path, size);
	tree->near_path[size] = '\0';
	return 0;
}

int layer_tree_init(struct layer_tree *tree, struct error *err)
{
	struct layer_node *root = layer_node_new(NULL, "", 0);

	if (!root)
		return error_errno(err, "remember a name");
	root->kind = LAYER_DIRECTORY;
	*tree = (struct layer_tree){ .root = root };
	return 0;
}

void layer_tree_release(struct layer_tree *tree)
{
	if (tree->root)
		(void)layer_node_empty(tree->root);
	free(tree->root);
	tree->root = NULL;
	tree->near = NULL;
	tree->held = 0;
}

int layer_tree_find(struct layer_tree *tree, const char *path,
		    struct layer_node **node, struct error *err)
{
	const char *base = path_base(path);
	struct layer_node *directory;

	if (find_directory(tree, path, false, &directory, err) < 0)
		return -1;
	*node = directory ? layer_node_child(directory, base, strlen(base))
			  : NULL;
	return 0;
}

int layer_tree_place(struct layer_tree *tree, const char *path,
		     struct layer_node **node, struct error *err)
{
	struct component name = { path_base(path), strlen(path_base(path)) };
	struct layer_node *directory, *found;

	if (find_directory(tree, path, true, &directory, err) < 0)
		return -1;
	found = layer_node_child(directory, name.name, name.size);
	if (!found && add_child(tree, directory, name, &found, err) < 0)
		return -1;
	*node = found;
	return 0;
}

int layer_tree_place_parent(struct layer_tree *tree, const char *path,
			    struct layer_node **node, struct error *err)
{
	return find_directory(tree, path, true, node, err);
}

int layer_tree_set(struct layer_tree *tree, struct layer_node *node,
		   enum layer_kind kind, void *data, size_t size,
		   struct error *err)
{
	if (layer_tree_charge(tree, size, err) < 0) {
		free(data);
		return -1;
	}
	if (kind == LAYER_SYMLINK || node->kind == LAYER_SYMLINK)
		tree->near = NULL;
	if (kind != LAYER_DIRECTORY)
		layer_tree_clear(tree, node);
	free(node->data);
	tree->held -= node->data_size;
	node->data = data;
	node->data_size = (uint32_t)size;
	node->kind = (uint8_t)kind;
	return 0;
}

void layer_tree_clear(struct layer_tree *tree, struct layer_node *node)
{
	if (node->children || node == tree->near || node->kind == LAYER_SYMLINK)
		tree->near = NULL;
	tree->held -= layer_node_empty(node);
	node->kind = LAYER_ABSENT;
	node->opaque = false;
}

int layer_tree_charge(struct layer_tree *tree, size_t size, struct error *err)
{
	if (size > LAYER_HELD_MAX - tree->held)
		return error_set(err, E2BIG,
				 "the layer's names and attributes take more "
				 "than %llu MiB",
				 (unsigned long long)(LAYER_HELD_MAX >> 20));
	tree->held += size;
	return 0;
}
