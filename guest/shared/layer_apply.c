/* SPDX-License-Identifier: MIT */
/* layer_apply.c - see layer_apply.h */
#include "guest/shared/layer_apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/layer_late.h"
#include "guest/shared/layer_place.h"
#include "guest/shared/path.h"
#include "guest/shared/whiteout.h"

static bool is_below(const char *name, const char *directory)
{
	size_t size = strlen(directory);

	return strncmp(name, directory, size) == 0 &&
	       (name[size] == '/' || name[size] == '\0');
}

/* What the first marker among the components says, if there is one. */
static enum whiteout classify(const char *name, const char **hidden)
{
	char component[PATH_SIZE];
	const char *slash;
	enum whiteout kind;

	if (is_below(name, LAYER_LINK_POOL))
		return WHITEOUT_NONE;
	while ((slash = strchr(name, '/')) != NULL) {
		memcpy(component, name, (size_t)(slash - name));
		component[slash - name] = '\0';
		kind = whiteout_classify(component, hidden);
		if (kind == WHITEOUT_METADATA)
			return kind;
		if (kind != WHITEOUT_NONE)
			return WHITEOUT_INVALID;
		name = slash + 1;
	}
	return whiteout_classify(name, hidden);
}

static int mark_whiteout(struct layer_apply *apply, const char *name,
			 const char *hidden, struct error *err)
{
	size_t directory = (size_t)(path_base(name) - name);
	struct layer_node *node;

	memcpy(apply->path, name, directory);
	memcpy(apply->path + directory, hidden, strlen(hidden) + 1);
	if (layer_tree_place(&apply->tree, apply->path, &node, err) < 0)
		return -1;
	node->whiteout = true;
	return 0;
}

static int mark_opaque(struct layer_apply *apply, const char *name,
		       struct error *err)
{
	struct layer_node *node;

	if (layer_tree_place_parent(&apply->tree, name, &node, err) < 0)
		return -1;
	node->opaque = true;
	return 0;
}

/* A mark says nothing where nothing can be below. */
static int unless_no_directory(int status, const struct error *why,
			       struct error *err)
{
	if (status == 0 || why->code == ENOTDIR)
		return 0;
	*err = *why;
	return -1;
}

/* Clear the place of a name for an entry that is a directory or is not. */
static int make_room(struct layer_apply *apply, struct layer_node *node,
		     bool for_directory, struct error *err)
{
	bool keep = node->kind == LAYER_DIRECTORY && for_directory;

	if (node->kind != LAYER_ABSENT && !(keep && !node->data))
		layer_warn(apply->warn, "comes twice, the later one counts");
	if (keep || (node->kind == LAYER_ABSENT && for_directory))
		return 0;
	return layer_place_clear(apply, node, err);
}

static int place(struct layer_apply *apply, const char *name,
		 struct layer_node **node, struct error *err)
{
	if (layer_tree_place(&apply->tree, name, node, err) < 0)
		return -1;
	return layer_place_directory(apply, (*node)->parent, err);
}

static int set_directory(struct layer_apply *apply, struct layer_node *node,
			 const struct layer_entry *entry, struct error *err)
{
	struct layer_entry *copy;
	size_t size;

	if (layer_place_directory(apply, node, err) < 0)
		return -1;
	copy = layer_entry_copy(entry, &size);
	if (!copy)
		return error_errno(err, "remember its attributes");
	return layer_tree_set(&apply->tree, node, LAYER_DIRECTORY, copy, size,
			      err);
}

static int set_other(struct layer_apply *apply, struct layer_node *node,
		     struct layer_entry *entry, struct layer_data *data,
		     struct error *err)
{
	char *target = NULL;

	entry->path = layer_place_path(apply, node);
	if (apply->sink->add(apply->sink, entry, data, err) < 0)
		return -1;
	if (!S_ISLNK(entry->mode))
		return layer_tree_set(&apply->tree, node, LAYER_OTHER, NULL, 0,
				      err);
	target = strdup(entry->target);
	if (!target)
		return error_errno(err, "remember its target");
	return layer_tree_set(&apply->tree, node, LAYER_SYMLINK, target,
			      strlen(target) + 1, err);
}

static int find_target(struct layer_apply *apply, const char *target,
		       struct layer_node **node, struct error *err)
{
	if (layer_tree_find(&apply->tree, target, node, err) < 0)
		return error_prefix(err, "hard link to '%.400s'", target);
	return 0;
}

int layer_apply_init(struct layer_apply *apply, struct layer_sink *sink,
		     struct layer_warn *warn, struct error *err)
{
	*apply = (struct layer_apply){ .sink = sink, .warn = warn };
	return layer_tree_init(&apply->tree, err);
}

void layer_apply_release(struct layer_apply *apply)
{
	layer_late_release(apply);
	layer_tree_release(&apply->tree);
}

int layer_apply_marker(struct layer_apply *apply, const char *name,
		       bool *is_marker, struct error *err)
{
	const char *hidden = NULL;
	struct error why;
	int status;

	*is_marker = true;
	switch (classify(name, &hidden)) {
	case WHITEOUT_NAME:
		status = mark_whiteout(apply, name, hidden, &why);
		return unless_no_directory(status, &why, err);
	case WHITEOUT_OPAQUE:
		status = mark_opaque(apply, name, &why);
		return unless_no_directory(status, &why, err);
	case WHITEOUT_METADATA:
		return 0;
	case WHITEOUT_INVALID:
		return error_set(err, EINVAL, "invalid whiteout");
	case WHITEOUT_NONE:
		break;
	}
	*is_marker = false;
	return 0;
}

int layer_apply_entry(struct layer_apply *apply, const char *name,
		      struct layer_entry *entry, struct layer_data *data,
		      struct error *err)
{
	bool is_directory = S_ISDIR(entry->mode);
	struct layer_node *node = apply->tree.root;

	if (S_ISSOCK(entry->mode)) {
		layer_warn(apply->warn, "a socket, skipped");
		return 0;
	}
	if (!*name && !is_directory)
		return error_set(err, ENOTDIR, "the root is not a directory");
	if ((*name && place(apply, name, &node, err) < 0) ||
	    make_room(apply, node, is_directory, err) < 0)
		return -1;
	if (is_directory)
		return set_directory(apply, node, entry, err);
	return set_other(apply, node, entry, data, err);
}

int layer_apply_link(struct layer_apply *apply, const char *name,
		     const char *target, struct error *err)
{
	char target_name[PATH_SIZE];
	struct layer_node *node, *found;

	while (*target == '/' && target[1])
		target++;
	if (path_normalize(target_name, target, err) < 0)
		return error_prefix(err, "hard link to '%.400s'", target);
	if (!*name)
		return error_set(err, ENOTDIR, "the root is not a directory");
	if (!*target_name)
		return error_set(err, EPERM, "hard link to the directory './'");

	if (place(apply, name, &node, err) < 0 ||
	    find_target(apply, target_name, &found, err) < 0)
		return -1;
	if (found == node && node->kind != LAYER_ABSENT) {
		layer_warn(apply->warn, "a hard link to itself, skipped");
		return 0;
	}
	/* What makes room may be the target, or hold it. */
	if (make_room(apply, node, false, err) < 0 ||
	    find_target(apply, target_name, &found, err) < 0)
		return -1;
	if (!found || found->kind == LAYER_ABSENT ||
	    found->kind == LAYER_LATE_LINK)
		return layer_late_add(apply, node, target_name, err);
	return layer_place_link(apply, node, found, err);
}
