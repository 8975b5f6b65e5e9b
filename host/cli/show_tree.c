/* SPDX-License-Identifier: MIT */
/* show_tree.c - a listing as a tree, see show_forms.h */
#include "host/cli/show_forms.h"

#include <langinfo.h>
#include <string.h>

#include "guest/shared/layer_node.h"
#include "host/cli/amount.h"
#include "host/layer/quote.h"

#define LEVEL_SIZE 8 /* bytes of "│   " and its like, at most */
#define RESET	   "\33[0m"

/* What stands before a name: for one in the middle and for the last one, and
 * before what is in either. */
struct strokes {
	const char *middle;
	const char *last;
	const char *below_middle;
	const char *below_last;
};

static const struct strokes unicode = {
	"\342\224\234\342\224\200\342\224\200 ", /* U+251C U+2500 U+2500 */
	"\342\224\224\342\224\200\342\224\200 ", /* U+2514 U+2500 U+2500 */
	"\342\224\202   ",			 /* U+2502 */
	"    ",
};
static const struct strokes ascii = { "|-- ", "`-- ", "|   ", "    " };

struct tree {
	const struct listing *listing;
	struct layer_node *root; /* owned; `late` is a line's number, from 1 */
	struct quote quote;	 /* owned */
	const struct strokes *strokes;
	bool color;
	FILE *out;
	size_t indent; /* bytes of the next */
	char before[PATH_SIZE / 2 * LEVEL_SIZE];
};

static void tree_release(struct tree *tree)
{
	if (tree->root)
		(void)layer_node_empty(tree->root);
	free(tree->root);
	quote_release(&tree->quote);
}

DEFINE_AUTO(tree, tree_release)

static int place(struct tree *tree, size_t index)
{
	struct layer_node *node =
		layer_node_place(tree->root, tree->listing->lines[index].path,
				 NULL);

	if (!node)
		return -1;
	node->late = (uint32_t)index + 1;
	return 0;
}

static const struct listing_line *line_of(const struct tree *tree,
					  const struct layer_node *node)
{
	return node->late ? &tree->listing->lines[node->late - 1] : NULL;
}

static const char *color_of(const struct tree *tree,
			    const struct listing_line *line)
{
	if (!tree->color)
		return "";
	if (!line)
		return "\33[2m"; /* dim */
	if (line->mark == LISTING_ADDED)
		return "\33[32m"; /* green */
	if (line->mark == LISTING_CHANGED)
		return "\33[33m"; /* yellow */
	return "\33[31m";	  /* red */
}

static void print_columns(const struct tree *tree,
			  const struct listing_line *line)
{
	char size[AMOUNT_SIZE] = "";

	if (line && line->type == LISTING_FILE)
		(void)amount(size, line->size);
	(void)fprintf(tree->out, "%s%c%s %10s  ", color_of(tree, line),
		      line ? line->mark : ' ', tree->color ? RESET : "", size);
}

static void print_name(const struct tree *tree, const struct layer_node *node,
		       const struct listing_line *line)
{
	(void)fputs(color_of(tree, line), tree->out);
	quote_print(&tree->quote, node->parent ? node->name : ".", tree->out);
	if (node->children || (line && line->type == LISTING_DIRECTORY))
		(void)fputc('/', tree->out);
	(void)fputs(tree->color ? RESET : "", tree->out);
	if (line && line->is_opaque && line->mark == LISTING_CHANGED)
		(void)fputs(" (replaced)", tree->out);
	if (!line || !line->target)
		return;
	(void)fputs(line->type == LISTING_SYMLINK ? " -> " : " link to ",
		    tree->out);
	quote_print(&tree->quote, line->target, tree->out);
}

static void print_node(const struct tree *tree, const struct layer_node *node,
		       const char *stroke)
{
	const struct listing_line *line = line_of(tree, node);

	print_columns(tree, line);
	(void)fwrite(tree->before, 1, tree->indent, tree->out);
	(void)fputs(stroke, tree->out);
	print_name(tree, node, line);
	(void)fputc('\n', tree->out);
}

/* A visit comes one late: only then it is known which child is the last. */
struct siblings {
	struct tree *tree;
	const struct layer_node *waiting;
};

static int visit(struct layer_node *child, void *context);

static void print_children(struct tree *tree, const struct layer_node *node);

static void print_child(struct tree *tree, const struct layer_node *child,
			bool is_last)
{
	const struct strokes *strokes = tree->strokes;
	const char *below =
		is_last ? strokes->below_last : strokes->below_middle;
	size_t indent = tree->indent;

	print_node(tree, child, is_last ? strokes->last : strokes->middle);
	memcpy(tree->before + indent, below, strlen(below));
	tree->indent += strlen(below);
	print_children(tree, child);
	tree->indent = indent;
}

static int visit(struct layer_node *child, void *context)
{
	struct siblings *siblings = context;

	if (siblings->waiting)
		print_child(siblings->tree, siblings->waiting, false);
	siblings->waiting = child;
	return ferror(siblings->tree->out);
}

static void print_children(struct tree *tree, const struct layer_node *node)
{
	struct siblings siblings = { tree, NULL };

	(void)layer_node_each(node, visit, &siblings);
	if (siblings.waiting)
		print_child(tree, siblings.waiting, true);
}

static void print_sum(const struct listing *listing, FILE *out)
{
	size_t added = 0, changed = 0;
	char text[AMOUNT_SIZE];
	uint64_t size = 0;

	for (size_t i = 0; i < listing->count; i++) {
		added += listing->lines[i].mark == LISTING_ADDED;
		changed += listing->lines[i].mark == LISTING_CHANGED;
		if (listing->lines[i].size <= UINT64_MAX - size)
			size += listing->lines[i].size;
	}
	(void)fprintf(out, "\n%zu added, %zu changed, %zu deleted; %s\n", added,
		      changed, listing->count - added - changed,
		      amount(text, size));
}

static void choose_strokes(struct tree *tree)
{
	const char *codeset = "";

	quote_start(&tree->quote);
	if (tree->quote.locale)
		codeset = nl_langinfo_l(CODESET, tree->quote.locale);
	tree->strokes = strcmp(codeset, "UTF-8") == 0 ? &unicode : &ascii;
}

int show_print_tree(const struct listing *listing, bool color, FILE *out,
		    struct error *err)
{
	AUTO(tree) tree = { .listing = listing, .color = color, .out = out };

	choose_strokes(&tree);
	tree.root = layer_node_new(NULL, "", 0);
	if (!tree.root)
		return error_errno(err, "list the layer");
	for (size_t i = 0; i < listing->count; i++)
		if (place(&tree, i) < 0)
			return error_errno(err, "list the layer");
	if (listing->count > 0) {
		print_node(&tree, tree.root, "");
		print_children(&tree, tree.root);
	}
	print_sum(listing, out);
	if (fflush(out) != 0)
		return error_errno(err, "write the listing");
	return 0;
}
