/* SPDX-License-Identifier: MIT */
/* lint_link.c - hard links and what they lead to, see lint_state.h */
#include "host/layer/lint_state.h"

#include <errno.h>
#include <string.h>

static int keep_late(struct lint *lint, const char *target, struct error *err)
{
	size_t room = lint->link_room ? lint->link_room * 2 : 64;
	size_t size = strlen(target) + 1, own = strlen(lint->path) + 1;
	char *both;

	if (lint->link_count == lint->link_room) {
		struct lint_link *links =
			realloc(lint->links, room * sizeof(*links));

		if (!links)
			return error_errno(err, "remember a link");
		lint->links = links;
		lint->link_room = room;
	}
	both = malloc(size + own);
	if (!both)
		return error_errno(err, "remember a link");
	memcpy(both, target, size);
	memcpy(both + size, lint->path, own);
	lint->links[lint->link_count++].target = both;
	lint->held += size + own + sizeof(*lint->links);
	return 0;
}

static void check_target(struct lint *lint, const char *path,
			 const char *target, const struct layer_node *node)
{
	const char *hidden;

	if (node->kind == LAYER_DIRECTORY ||
	    whiteout_classify(path_base(target), &hidden) != WHITEOUT_NONE)
		findings_add(lint->findings, RULE_LINK_TARGET,
			     "'%.400s' is a link to the %s '%.400s'", path,
			     node->kind == LAYER_DIRECTORY ? "directory"
							   : "whiteout",
			     target);
	else if (node->kind == LAYER_SYMLINK)
		findings_add(lint->findings, RULE_LINK_TYPE,
			     "'%.400s' is a link to the symlink '%.400s'", path,
			     target);
}

static bool is_there(const struct layer_node *node)
{
	return node && node->kind != LAYER_ABSENT;
}

int lint_link(struct lint *lint, struct error *err)
{
	const char *target = archive_entry_hardlink(lint->entry);
	struct error why = { 0 };
	char path[PATH_SIZE];
	const struct layer_node *node;

	if (lint->raw.type != '1')
		return 0;
	if (!target || path_normalize(path, target, &why) < 0 || !*path) {
		findings_add(lint->findings, RULE_LINK_NAME,
			     "'%.400s' is a link to '%.400s', which is no path",
			     lint->path, target ? target : "");
		return 0;
	}
	node = layer_node_at(lint->root, path);
	if (!is_there(node) || strcmp(path, lint->path) == 0)
		return keep_late(lint, path, err);
	check_target(lint, lint->path, path, node);
	return 0;
}

void lint_late_links(struct lint *lint)
{
	for (size_t i = 0; i < lint->link_count; i++) {
		const char *target = lint->links[i].target;
		const char *path = target + strlen(target) + 1;
		const struct layer_node *node =
			layer_node_at(lint->root, target);

		if (!is_there(node) || strcmp(path, target) == 0) {
			findings_add(lint->findings, RULE_LINK_TARGET,
				     "'%.400s' is a link to '%.400s', which is "
				     "not in the layer",
				     path, target);
			continue;
		}
		findings_add(lint->findings, RULE_LINK_ORDER,
			     "'%.400s' comes before '%.400s', which it is a "
			     "link to",
			     path, target);
		check_target(lint, path, target, node);
	}
}
