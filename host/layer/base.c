/* SPDX-License-Identifier: MIT */
/* base.c - see base.h */
#include "host/layer/base.h"

#include <errno.h>
#include <inttypes.h>

#include "guest/shared/layer_read.h"
#include "guest/shared/layer_sink.h"

/*
 * A layer is first gathered in a tree of its own, and then laid on the base:
 * what it hides there is only known at its end, and a later entry may take
 * back what an earlier one seemed to hide.
 */
struct gather {
	struct layer_sink sink; /* first: the operations are given this */
	struct base own;
};

static int too_large(struct error *err)
{
	return error_set(err, E2BIG,
			 "the names of its files take more than %" PRIu64
			 " MiB",
			 BASE_HELD_MAX >> 20);
}

static int start(struct base *base, struct error *err)
{
	if (base->root)
		return 0;
	base->root = layer_node_new(NULL, "", 0);
	if (!base->root)
		return error_errno(err, "remember a name");
	base->root->kind = LAYER_DIRECTORY;
	return 0;
}

static void empty(struct base *base, struct layer_node *node)
{
	base->held -= layer_node_empty(node);
}

static int place(struct base *base, struct layer_node *root, const char *path,
		 struct layer_node **node, struct error *err)
{
	*node = layer_node_place(root, path, &base->held);
	if (!*node)
		return error_errno(err, "remember a name");
	return base->held > BASE_HELD_MAX ? too_large(err) : 0;
}

static int set_kind(struct layer_sink *sink, const char *path,
		    enum layer_kind kind, struct error *err)
{
	struct base *own = &((struct gather *)sink)->own;
	struct layer_node *node;

	if (place(own, own->root, path, &node, err) < 0)
		return -1;
	node->kind = (uint8_t)kind;
	return 0;
}

static int make_directory(struct layer_sink *sink, const char *path,
			  struct error *err)
{
	return set_kind(sink, path, LAYER_DIRECTORY, err);
}

static int add(struct layer_sink *sink, const struct layer_entry *entry,
	       struct layer_data *data, struct error *err)
{
	(void)data;
	return set_kind(sink, entry->path, LAYER_OTHER, err);
}

static int add_link(struct layer_sink *sink, const char *path,
		    const char *target, struct error *err)
{
	(void)target;
	return set_kind(sink, path, LAYER_OTHER, err);
}

static int take_back(struct layer_sink *sink, const char *path,
		     int is_directory, struct error *err)
{
	(void)is_directory;
	return set_kind(sink, path, LAYER_ABSENT, err);
}

static int whiteout(struct layer_sink *sink, const char *path,
		    struct error *err)
{
	struct base *own = &((struct gather *)sink)->own;
	struct layer_node *node;

	if (place(own, own->root, path, &node, err) < 0)
		return -1;
	node->whiteout = true;
	return 0;
}

static int settle(struct layer_sink *sink, const struct layer_entry *entry,
		  unsigned int flags, struct error *err)
{
	struct base *own = &((struct gather *)sink)->own;
	struct layer_node *node;

	if (place(own, own->root, entry->path, &node, err) < 0)
		return -1;
	node->kind = LAYER_DIRECTORY;
	node->opaque = flags & LAYER_SETTLE_OPAQUE;
	return 0;
}

/* On the way down both trees. */
struct merge {
	struct base *base;
	struct layer_node *below;
	struct error *err;
};

static int merge_child(struct layer_node *own, void *context);

static int merge_node(const struct merge *merge, const struct layer_node *own)
{
	struct layer_node *below = merge->below;

	if (own->kind == LAYER_ABSENT && !own->whiteout)
		return 0; /* was taken back */
	if (own->kind != LAYER_DIRECTORY || own->opaque ||
	    below->kind != LAYER_DIRECTORY)
		empty(merge->base, below);
	below->kind = own->kind;
	return layer_node_each(own, merge_child, (void *)merge);
}

static int merge_child(struct layer_node *own, void *context)
{
	const struct merge *merge = context;
	struct merge child = *merge;

	if (place(merge->base, merge->below, own->name, &child.below,
		  merge->err) < 0)
		return -1;
	return merge_node(&child, own);
}

int base_add(struct base *base, const struct layer_source *layer,
	     struct error *err)
{
	struct gather gather = {
		.sink = {
			.make_directory = make_directory,
			.add = add,
			.link = add_link,
			.remove = take_back,
			.whiteout = whiteout,
			.settle = settle,
		},
	};
	const struct layer_options options = { 0 };
	struct layer_stats stats;
	int status = -1;

	if (start(base, err) == 0 && start(&gather.own, err) == 0 &&
	    layer_read(layer, &gather.sink, &options, &stats, err) == 0) {
		struct merge merge = { base, base->root, err };

		gather.own.root->opaque |= stats.opaque_root;
		status = merge_node(&merge, gather.own.root);
	}
	base_release(&gather.own);
	return status;
}

const struct layer_node *base_find(const struct base *base, const char *path)
{
	const struct layer_node *node =
		base->root ? layer_node_at(base->root, path) : NULL;

	return node && node->kind != LAYER_ABSENT ? node : NULL;
}

bool base_exists(void *base, const char *path)
{
	return base_find(base, path) != NULL;
}

void base_release(struct base *base)
{
	if (base->root)
		(void)layer_node_empty(base->root);
	free(base->root);
	*base = (struct base){ 0 };
}
