/* SPDX-License-Identifier: MIT */
/* layer_place.c - see layer_place.h */
#include "guest/shared/layer_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *layer_place_path(struct layer_apply *apply,
			     const struct layer_node *node)
{
	layer_node_path(node, apply->path);
	return apply->path;
}

/* As deep as the path has components, at most 2,048. */
int layer_place_directory(struct layer_apply *apply, struct layer_node *node,
			  struct error *err)
{
	const char *path;

	if (node->kind != LAYER_ABSENT)
		return 0;
	if (layer_place_directory(apply, node->parent, err) < 0)
		return -1;
	path = layer_place_path(apply, node);
	if (apply->sink->make_directory(apply->sink, path, err) < 0)
		return error_prefix(err, "directory '%.400s'", path);
	return layer_tree_set(&apply->tree, node, LAYER_DIRECTORY, NULL, 0,
			      err);
}

struct removal {
	struct layer_apply *apply;
	struct error *err;
};

static int remove_node(struct layer_node *node, void *context)
{
	struct removal *r = context;
	struct layer_sink *sink = r->apply->sink;
	const char *path;

	if (layer_node_each(node, remove_node, r) < 0)
		return -1;
	if (node->kind == LAYER_ABSENT || node->kind == LAYER_LATE_LINK)
		return 0;
	path = layer_place_path(r->apply, node);
	if (sink->remove(sink, path, node->kind == LAYER_DIRECTORY, r->err) < 0)
		return error_prefix(r->err, "remove '%.400s'", path);
	return 0;
}

int layer_place_clear(struct layer_apply *apply, struct layer_node *node,
		      struct error *err)
{
	struct removal r = { apply, err };

	if (remove_node(node, &r) < 0)
		return -1;
	layer_tree_clear(&apply->tree, node);
	return 0;
}

int layer_place_link(struct layer_apply *apply, struct layer_node *node,
		     const struct layer_node *target, struct error *err)
{
	char target_path[PATH_SIZE];
	char *data = NULL;

	layer_node_path(target, target_path);
	if (target->kind == LAYER_DIRECTORY)
		return error_set(err, EPERM,
				 "hard link to the directory '%.400s'",
				 target_path);
	if (apply->sink->link(apply->sink, layer_place_path(apply, node),
			      target_path, err) < 0)
		return error_prefix(err, "hard link to '%.400s'", target_path);
	if (target->data && !(data = strdup(target->data)))
		return error_errno(err, "remember a name");
	return layer_tree_set(&apply->tree, node, target->kind, data,
			      target->data_size, err);
}
