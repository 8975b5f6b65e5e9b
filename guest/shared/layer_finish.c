/* SPDX-License-Identifier: MIT */
/* layer_finish.c - see layer_apply_finish() in layer_apply.h */
#include "guest/shared/layer_apply.h"

#include <string.h>

#include "guest/shared/layer_late.h"
#include "guest/shared/layer_place.h"

/* What a directory gets that neither this layer nor one below describes. */
static const struct layer_entry unknown_directory = {
	.mode = S_IFDIR | 0755,
};

struct settling {
	struct layer_apply *apply;
	bool hidden; /* the layers below do not show here */
	struct error *err;
};

static int settle_directory(struct layer_node *node, struct settling *s);

static int settle_whiteout(struct layer_node *node, struct settling *s)
{
	struct layer_sink *sink = s->apply->sink;
	const char *path = layer_place_path(s->apply, node);

	if (sink->whiteout(sink, path, s->err) < 0)
		return error_prefix(s->err, "whiteout '%.400s'", path);
	return 0;
}

/*
 * An absent place is there for the marks on it or below it, so that one
 * without a whiteout of its own has a reason to be a directory.
 */
static int settle_absent(struct layer_node *node, struct settling *s)
{
	if (s->hidden)
		return 0;
	if (node->whiteout)
		return settle_whiteout(node, s);
	if (!node->children && !node->opaque)
		return 0;
	if (layer_place_directory(s->apply, node, s->err) < 0)
		return -1;
	return settle_directory(node, s);
}

static int settle_child(struct layer_node *node, void *context)
{
	struct settling *s = context;

	if (node->kind == LAYER_DIRECTORY)
		return settle_directory(node, s);
	if (node->kind == LAYER_ABSENT)
		return settle_absent(node, s);
	return 0;
}

static int tell_sink(struct layer_node *node, const struct settling *s)
{
	struct layer_sink *sink = s->apply->sink;
	bool opaque = !s->hidden && (node->opaque || node->whiteout);
	bool inherits = !s->hidden && !node->whiteout && !node->data;
	struct layer_entry entry = unknown_directory;

	if (node->data)
		entry = *(struct layer_entry *)node->data;
	entry.path = layer_place_path(s->apply, node);
	if (sink->settle(sink, &entry,
			 (opaque ? LAYER_SETTLE_OPAQUE : 0U) |
				 (inherits ? LAYER_SETTLE_INHERIT : 0U),
			 s->err) < 0)
		return error_prefix(s->err, "directory '%.400s'",
				    *entry.path ? entry.path : "./");
	return 0;
}

/* As deep as paths have components, at most 2,048. */
static int settle_directory(struct layer_node *node, struct settling *s)
{
	struct settling below = *s;

	below.hidden = s->hidden || node->opaque || node->whiteout;
	if (layer_node_each(node, settle_child, &below) < 0)
		return -1;
	return tell_sink(node, s);
}

/* AUFS' pool of hard links has done its work. */
static int remove_link_pool(struct layer_apply *apply, struct error *err)
{
	struct layer_node *pool =
		layer_node_child(apply->tree.root, LAYER_LINK_POOL,
				 strlen(LAYER_LINK_POOL));

	return pool ? layer_place_clear(apply, pool, err) : 0;
}

int layer_apply_finish(struct layer_apply *apply, struct error *err)
{
	struct settling s = { apply, false, err };

	if (layer_late_finish(apply, err) < 0 ||
	    remove_link_pool(apply, err) < 0)
		return -1;
	apply->opaque_root = apply->tree.root->opaque;
	return settle_directory(apply->tree.root, &s);
}
