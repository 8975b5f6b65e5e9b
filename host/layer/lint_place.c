/* SPDX-License-Identifier: MIT */
/* lint_place.c - where an entry lies among the others, see lint_state.h */
#include "host/layer/lint_state.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/order.h"

static void add(struct lint *lint, enum rule_number rule, const char *what,
		const struct layer_node *parent)
{
	char path[PATH_SIZE];

	layer_node_path(parent, path);
	findings_add(lint->findings, rule, "'%.400s' %s '%.400s'", lint->path,
		     what, path);
}

static void check_parent(struct lint *lint, struct layer_node *parent)
{
	switch ((enum layer_kind)parent->kind) {
	case LAYER_OTHER:
		add(lint, RULE_BELOW_FILE, "lies in the file", parent);
		return;
	case LAYER_SYMLINK:
		add(lint, RULE_BELOW_SYMLINK, "lies in the symlink", parent);
		return;
	case LAYER_ABSENT:
		if (!(parent->late & LINT_REPORTED))
			add(lint, RULE_PARENT, "comes before its directory",
			    parent);
		parent->late |= LINT_REPORTED;
		return;
	default:
		return;
	}
}

/* The root may be left out. Nodes of AUFS' files are no whiteouts. */
static void check_parents(struct lint *lint, const struct layer_node *node)
{
	const char *hidden;

	for (struct layer_node *n = node->parent; n && n->parent;
	     n = n->parent) {
		enum whiteout kind = whiteout_classify(n->name, &hidden);

		if (kind == WHITEOUT_METADATA)
			return;
		if (kind != WHITEOUT_NONE) {
			findings_add(lint->findings, RULE_BELOW_WHITEOUT,
				     "'%.400s' lies in a whiteout", lint->path);
			return;
		}
		check_parent(lint, n);
		if (n->whiteout && n->kind == LAYER_ABSENT)
			findings_add(lint->findings, RULE_WHITEOUT_OWN,
				     "'%.400s' lies in what a whiteout of the "
				     "same layer hides",
				     lint->path);
	}
}

/* Of two paths the one that comes first in a layer: by the first component in
 * which they differ. */
static int compare(const char *a, const char *b)
{
	char x[PATH_COMPONENT_MAX + 8], y[PATH_COMPONENT_MAX + 8];

	while (*a && *b) {
		size_t a_size = strcspn(a, "/"), b_size = strcspn(b, "/");

		if (a_size != b_size || memcmp(a, b, a_size) != 0) {
			memcpy(x, a, a_size);
			x[a_size] = '\0';
			memcpy(y, b, b_size);
			y[b_size] = '\0';
			return order_compare(x, y);
		}
		a += a_size + (a[a_size] == '/');
		b += b_size + (b[b_size] == '/');
	}
	return (*a != '\0') - (*b != '\0');
}

static void check_order(struct lint *lint)
{
	if (lint->entries > 1 && compare(lint->before, lint->path) > 0)
		findings_add(lint->findings, RULE_ORDER,
			     "'%.400s' comes after '%.400s'",
			     lint_shown(lint->path), lint->before);
}

static enum layer_kind kind_of(const struct lint *lint)
{
	if (lint->raw.type == '5')
		return LAYER_DIRECTORY;
	return lint->raw.type == '2' ? LAYER_SYMLINK : LAYER_OTHER;
}

static void check_root(struct lint *lint)
{
	if (lint->raw.type != '5')
		findings_add(lint->findings, RULE_ROOT,
			     "'%.400s' is no directory", lint->name);
}

int lint_place(struct lint *lint, struct error *err)
{
	struct layer_node *node = lint_node(lint, lint->path);
	enum layer_kind kind = kind_of(lint);

	if (!node)
		return error_errno(err, "remember a name");
	if (!*lint->path)
		check_root(lint);
	if (node->kind != LAYER_ABSENT)
		findings_add(lint->findings, RULE_DUPLICATE,
			     "'%.400s' is there twice", lint_shown(lint->path));
	check_parents(lint, node);
	check_order(lint);
	node->kind = (uint8_t)kind;
	if (lint->raw.type == '0' || lint->raw.type == '7' ||
	    lint->raw.type == 'S')
		node->late |= LINT_REGULAR;
	return 0;
}
