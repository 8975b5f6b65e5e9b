/* SPDX-License-Identifier: MIT */
/* layer_late.c - see layer_late.h */
#include "guest/shared/layer_late.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/layer_place.h"

/* Room for late links grows by this many, a power of two. */
#define STEP 256

struct layer_late_link {
	size_t target; /* where in text the target's name begins */
	char text[];   /* the path of the link and the target's name */
};

static struct layer_late_link *new_link(const char *path, const char *target)
{
	size_t path_size = strlen(path) + 1, target_size = strlen(target) + 1;
	struct layer_late_link *link =
		malloc(sizeof(*link) + path_size + target_size);

	if (!link)
		return NULL;
	link->target = path_size;
	memcpy(link->text, path, path_size);
	memcpy(link->text + path_size, target, target_size);
	return link;
}

static int append(struct layer_apply *apply, const char *path,
		  const char *target, struct error *err)
{
	size_t count = apply->late_count;

	if (count % STEP == 0) {
		void *more =
			realloc(apply->late, (count + STEP) * sizeof(void *));

		if (!more)
			return error_errno(err, "remember a hard link");
		apply->late = more;
	}
	apply->late[count] = new_link(path, target);
	if (!apply->late[count])
		return error_errno(err, "remember a hard link");
	apply->late_count++;
	return 0;
}

int layer_late_add(struct layer_apply *apply, struct layer_node *node,
		   const char *target, struct error *err)
{
	const char *path = layer_place_path(apply, node);

	node->late = (uint32_t)apply->late_count;
	if (layer_tree_charge(&apply->tree,
			      sizeof(struct layer_late_link) + strlen(path) +
				      strlen(target) + 2 * sizeof(void *),
			      err) < 0 ||
	    append(apply, path, target, err) < 0)
		return -1;
	return layer_tree_set(&apply->tree, node, LAYER_LATE_LINK, NULL, 0,
			      err);
}

/* The node that still waits for link `i`, NULL if another entry has taken its
 * place, or a symlink that of a directory above it. */
static struct layer_node *waiting(struct layer_apply *apply, size_t i)
{
	struct layer_node *node;
	struct error ignored;

	if (layer_tree_find(&apply->tree, apply->late[i]->text, &node,
			    &ignored) < 0 ||
	    !node || node->kind != LAYER_LATE_LINK || node->late != i)
		return NULL;
	return node;
}

static int make_link(struct layer_apply *apply, struct layer_node *node,
		     const char *target, struct error *err)
{
	struct layer_node *found;

	if (layer_tree_find(&apply->tree, target, &found, err) < 0)
		return error_prefix(err, "hard link to '%.400s'", target);
	if (!found || found->kind == LAYER_ABSENT ||
	    found->kind == LAYER_LATE_LINK)
		return error_set(err, ENOENT,
				 "hard link to '%.400s', which is not in the "
				 "layer",
				 target);
	return layer_place_link(apply, node, found, err);
}

int layer_late_finish(struct layer_apply *apply, struct error *err)
{
	for (size_t i = 0; i < apply->late_count; i++) {
		const struct layer_late_link *link = apply->late[i];
		struct layer_node *node = waiting(apply, i);

		if (node &&
		    make_link(apply, node, link->text + link->target, err) < 0)
			return error_prefix(err, "entry '%.400s'", link->text);
	}
	return 0;
}

void layer_late_release(struct layer_apply *apply)
{
	for (size_t i = 0; i < apply->late_count; i++)
		free(apply->late[i]);
	free(apply->late);
	apply->late = NULL;
	apply->late_count = 0;
}
