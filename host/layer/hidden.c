/* SPDX-License-Identifier: MIT */
/* hidden.c - see hidden.h */
#include "host/layer/hidden.h"

#include <errno.h>
#include <string.h>

int hidden_note(struct hidden *hidden, const struct listing_line *line,
		struct error *err)
{
	struct layer_node *node = NULL;

	if (!hidden->root)
		hidden->root = layer_node_new(NULL, "", 0);
	if (hidden->root)
		node = layer_node_place(hidden->root, line->path, NULL);
	if (!node)
		return error_errno(err, "list the layer");
	if (line->type == LISTING_DIRECTORY || line->is_opaque)
		node->kind = LAYER_DIRECTORY;
	node->opaque |= line->is_opaque;
	return 0;
}

/* What leads to a path is a directory, whether it has a line or not. */
static bool is_directory(const struct layer_node *node)
{
	return node->kind == LAYER_DIRECTORY || node->children;
}

/* On the way down the base and the layer. */
struct search {
	struct listing *to;
	const struct layer_node *own;
	struct error *err;
};

static int append(struct search *search, const struct layer_node *below)
{
	struct listing_line line = { .mark = LISTING_DELETED };
	char path[PATH_SIZE];
	int status;

	layer_node_path(below, path);
	line.path = strdup(path);
	if (!line.path)
		return error_errno(search->err, "list '%s'", path);
	status = listing_append(search->to, &line, search->err);
	listing_line_release(&line);
	return status;
}

static int look_at(struct layer_node *below, void *context)
{
	struct search *search = context, inner = *search;

	if (below->kind == LAYER_ABSENT)
		return 0;
	inner.own =
		layer_node_child(search->own, below->name, strlen(below->name));
	if (!inner.own)
		return append(search, below);
	/* Both of these have a line of their own, behind which this is done. */
	if (!is_directory(inner.own) || inner.own->opaque)
		return 0;
	return layer_node_each(below, look_at, &inner);
}

static bool hides(const struct listing_line *line)
{
	return line->is_opaque || (line->type != LISTING_NOTHING &&
				   line->type != LISTING_DIRECTORY);
}

int hidden_append(const struct hidden *hidden, const struct base *base,
		  const struct listing_line *line, struct listing *to,
		  struct error *err)
{
	const struct layer_node *below = base_find(base, line->path);
	struct search search = { to, layer_node_at(hidden->root, line->path),
				 err };

	if (!below || below->kind != LAYER_DIRECTORY || !hides(line))
		return 0;
	return layer_node_each(below, look_at, &search);
}

void hidden_release(struct hidden *hidden)
{
	if (hidden->root)
		(void)layer_node_empty(hidden->root);
	free(hidden->root);
	*hidden = (struct hidden){ 0 };
}
