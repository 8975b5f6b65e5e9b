/* SPDX-License-Identifier: MIT */
/* lint_marker.c - what a layer deletes, see lint_state.h */
#include "host/layer/lint_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void check_form(struct lint *lint)
{
	const struct raw *raw = &lint->raw;
	unsigned int mode = archive_entry_perm(lint->entry) & 07777;

	if (raw->type != '0' || archive_entry_size(lint->entry) != 0) {
		findings_add(lint->findings, RULE_WHITEOUT_FORM,
			     "'%.400s' is %s", lint->path,
			     raw->type == '0' ? "not empty" : "no file");
		return;
	}
	if (mode != 0 && mode != 0644)
		findings_add(lint->findings, RULE_WHITEOUT_ATTRIBUTES,
			     "'%.400s' has mode %04o", lint->path, mode);
	if (archive_entry_uid(lint->entry) != 0 ||
	    archive_entry_gid(lint->entry) != 0)
		findings_add(lint->findings, RULE_WHITEOUT_ATTRIBUTES,
			     "'%.400s' is not owned by 0:0", lint->path);
}

/* `directory` has the marker in it; the path of it is its node's. */
static void check_order(struct lint *lint, const struct layer_node *directory)
{
	if (directory->late & LINT_FILLED)
		findings_add(lint->findings, RULE_WHITEOUT_ORDER,
			     "'%.400s' comes after other entries of its "
			     "directory",
			     lint->path);
}

static bool is_below(const struct lint *lint, const char *path)
{
	return !lint->base || base_find(lint->base, path);
}

static int check_whiteout(struct lint *lint, struct error *err)
{
	size_t start = (size_t)(path_base(lint->path) - lint->path);
	struct layer_node *node;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%.*s%s", (int)start, lint->path,
		       lint->hidden);
	node = lint_node(lint, path);
	if (!node)
		return error_errno(err, "remember a name");
	check_order(lint, node->parent);
	if (node->kind != LAYER_ABSENT || node->children)
		findings_add(lint->findings, RULE_WHITEOUT_OWN,
			     "'%.400s' hides '%.400s' of the same layer",
			     lint->path, path);
	if (node->parent->opaque)
		findings_add(lint->findings, RULE_WHITEOUT_NOTHING,
			     "'%.400s' is in an opaque directory", lint->path);
	else if (!is_below(lint, path))
		findings_add(lint->findings, RULE_WHITEOUT_NOTHING,
			     "'%.400s': no layer below has '%.400s'",
			     lint->path, path);
	node->whiteout = true;
	return 0;
}

static int check_opaque(struct lint *lint, struct error *err)
{
	size_t size = (size_t)(path_base(lint->path) - lint->path);
	struct layer_node *node;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%.*s", size ? (int)size - 1 : 0,
		       lint->path);
	node = lint_node(lint, path);
	if (!node)
		return error_errno(err, "remember a name");
	if (*path &&
	    (strcmp(lint->before, path) != 0 || !lint->before_directory))
		findings_add(lint->findings, RULE_OPAQUE_ORDER,
			     "'%.400s' does not follow its directory at once",
			     lint->path);
	else if (!*path && node->late & LINT_FILLED)
		findings_add(lint->findings, RULE_OPAQUE_ORDER,
			     "'%.400s' does not come first", lint->path);
	if (!is_below(lint, path))
		findings_add(lint->findings, RULE_OPAQUE_NOTHING,
			     "'%.400s': no layer below has '%.400s'",
			     lint->path, lint_shown(path));
	node->opaque = true;
	return 0;
}

/* An ordinary entry, which a whiteout of the layer may seem to hide. */
static int check_entry(struct lint *lint, struct error *err)
{
	struct layer_node *node = lint_node(lint, lint->path);

	if (!node)
		return error_errno(err, "remember a name");
	if (node->whiteout)
		findings_add(lint->findings, RULE_WHITEOUT_OWN,
			     "a whiteout of the same layer hides '%.400s'",
			     lint->path);
	if (node->parent)
		node->parent->late |= LINT_FILLED;
	return 0;
}

int lint_marker(struct lint *lint, struct error *err)
{
	switch (lint->kind) {
	case WHITEOUT_INVALID:
		findings_add(lint->findings, RULE_WHITEOUT_NAME,
			     "'%.400s' hides no name", lint->path);
		return 0;
	case WHITEOUT_METADATA:
		findings_add(lint->findings, RULE_AUFS, "'%.400s' is of AUFS",
			     lint->path);
		return 0;
	case WHITEOUT_NAME:
		check_form(lint);
		return check_whiteout(lint, err);
	case WHITEOUT_OPAQUE:
		check_form(lint);
		return check_opaque(lint, err);
	default:
		return check_entry(lint, err);
	}
}
