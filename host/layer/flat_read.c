/* SPDX-License-Identifier: MIT */
/* flat_read.c - see flat_read.h */
#include "host/layer/flat_read.h"

#include <errno.h>

#include "guest/shared/layer_read.h"

struct sink {
	struct layer_sink sink; /* first: the operations are given this */
	struct flat_tree *tree;
	size_t number;
	const struct flatten_options *options;
};

static int go_on(const struct sink *sink, struct error *err)
{
	const struct flatten_options *options = sink->options;

	if (options->advance && options->advance(options->context, 0) != 0)
		return error_set(err, ECANCELED, "cancelled");
	return 0;
}

static int set(struct sink *sink, const char *path, enum layer_kind kind,
	       struct flat_inode *inode, struct error *err)
{
	struct layer_node *node;

	if (go_on(sink, err) < 0)
		return -1;
	node = flat_tree_place(sink->tree, path, err);
	return node ? flat_tree_set(sink->tree, node, kind, inode, err) : -1;
}

static int make_directory(struct layer_sink *sink, const char *path,
			  struct error *err)
{
	return set((struct sink *)sink, path, LAYER_DIRECTORY, NULL, err);
}

static int add(struct layer_sink *base, const struct layer_entry *entry,
	       struct layer_data *data, struct error *err)
{
	struct sink *sink = (struct sink *)base;
	struct flat_inode *inode = flat_tree_inode(sink->tree, entry, err);

	if (!inode)
		return -1;
	inode->layer = sink->number;
	inode->position = data->position;
	inode->span = data->span;
	return set(sink, entry->path, LAYER_OTHER, inode, err);
}

static int add_link(struct layer_sink *base, const char *path,
		    const char *target, struct error *err)
{
	struct sink *sink = (struct sink *)base;
	struct layer_node *node = flat_tree_place(sink->tree, target, err);

	if (!node)
		return -1;
	return set(sink, path, LAYER_OTHER, flat_node_inode(node), err);
}

/* What has other names lives on under them. */
static int take_back(struct layer_sink *base, const char *path,
		     int is_directory, struct error *err)
{
	struct flat_tree *tree = ((struct sink *)base)->tree;
	struct layer_node *node = flat_tree_place(tree, path, err);

	(void)is_directory;
	if (!node)
		return -1;
	tree->held -= layer_node_empty(node);
	node->kind = LAYER_ABSENT;
	return 0;
}

static int whiteout(struct layer_sink *base, const char *path,
		    struct error *err)
{
	struct sink *sink = (struct sink *)base;
	struct layer_node *node = flat_tree_place(sink->tree, path, err);

	if (!node)
		return -1;
	node->whiteout = true;
	return go_on(sink, err);
}

static int settle(struct layer_sink *base, const struct layer_entry *entry,
		  unsigned int flags, struct error *err)
{
	struct sink *sink = (struct sink *)base;
	struct layer_node *node = flat_tree_place(sink->tree, entry->path, err);
	struct flat_inode *inode =
		node ? flat_tree_inode(sink->tree, entry, err) : NULL;

	if (!inode)
		return -1;
	inode->inherits = flags & LAYER_SETTLE_INHERIT;
	node->opaque = flags & LAYER_SETTLE_OPAQUE;
	return flat_tree_set(sink->tree, node, LAYER_DIRECTORY, inode, err);
}

int flat_read(struct flat_tree *tree, const struct layer_source *source,
	      size_t number, const struct flatten_options *options,
	      struct error *err)
{
	struct sink sink = {
		.sink = {
			.make_directory = make_directory,
			.add = add,
			.link = add_link,
			.remove = take_back,
			.whiteout = whiteout,
			.settle = settle,
		},
		.tree = tree,
		.number = number,
		.options = options,
	};
	const struct layer_options how = { options->warn, options->context,
					   NULL };
	struct layer_stats stats;

	if (layer_read(source, &sink.sink, &how, &stats, err) < 0)
		return -1;
	return flat_tree_merge(tree, err);
}
