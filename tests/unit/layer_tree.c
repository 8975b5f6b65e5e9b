/* SPDX-License-Identifier: MIT */
/* layer_tree.c - the tree of a layer's paths */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/layer_tree.h"

static void set(struct layer_tree *tree, const char *path, enum layer_kind kind,
		const char *target)
{
	struct error err = { 0 };
	struct layer_node *node;

	assert_int_equal(layer_tree_place(tree, path, &node, &err), 0);
	assert_int_equal(layer_tree_set(tree, node, kind,
					target ? strdup(target) : NULL,
					target ? strlen(target) + 1 : 0, &err),
			 0);
}

/* a/, f, and symlinks of every kind that there is. */
static void make_tree(struct layer_tree *tree)
{
	static const struct {
		const char *path, *target;
	} symlinks[] = {
		{ "to-a", "a" },
		{ "absolute", "/a" },
		{ "a/up", ".." },
		{ "a/far-up", "../../../../a" },
		{ "two", "one" },
		{ "one", "to-a" },
		{ "loop", "loop" },
		{ "ping", "pong" },
		{ "pong", "ping" },
		{ "root", "/" },
		{ "dangling", "not/there" },
		{ "over-nothing", "no/../a" },
		{ "file", "f" },
		{ "dots", "./a//." },
		{ "a/b/escape", "../../../../../etc" },
		{ "a/from-root", "/new" },
	};
	struct error err = { 0 };

	assert_int_equal(layer_tree_init(tree, &err), 0);
	set(tree, "a", LAYER_DIRECTORY, NULL);
	set(tree, "f", LAYER_OTHER, NULL);
	for (size_t i = 0; i < COUNT_OF(symlinks); i++)
		set(tree, symlinks[i].path, LAYER_SYMLINK, symlinks[i].target);
}

static const struct {
	const char *path;
	const char *resolved; /* NULL: refused */
	int code;
	const char *error;
} walks[] = {
	{ "a/x", "a/x", 0, NULL },
	{ "new/er/x", "new/er/x", 0, NULL },
	{ "to-a", "to-a", 0, NULL },
	{ "to-a/x", "a/x", 0, NULL },
	{ "to-a/y/x", "a/y/x", 0, NULL },
	{ "absolute/x", "a/x", 0, NULL },
	{ "a/up/x", "x", 0, NULL },
	{ "a/up/a/x", "a/x", 0, NULL },
	{ "a/far-up/x", "a/x", 0, NULL },
	{ "a/b/escape/passwd", "etc/passwd", 0, NULL },
	{ "a/from-root/x", "new/x", 0, NULL },
	{ "two/x", "a/x", 0, NULL },
	{ "root/root/a/x", "a/x", 0, NULL },
	{ "dangling/x", "not/there/x", 0, NULL },
	{ "over-nothing/x", "a/x", 0, NULL },
	{ "dots/x", "a/x", 0, NULL },
	{ "loop/x", NULL, ELOOP, "more than 40 symlinks in its way" },
	{ "ping/x", NULL, ELOOP, "more than 40 symlinks in its way" },
	{ "f/x", NULL, ENOTDIR, "its parent 'f' is not a directory" },
	{ "file/x/y", NULL, ENOTDIR, "its parent 'f' is not a directory" },
};

static void symlinks_of_the_layer_are_followed_within_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(walks); i++) {
		AUTO(layer_tree) tree = { 0 };
		struct layer_node *node, *again;
		struct error err = { 0 };
		char path[PATH_SIZE];
		int status;

		print_message("%s\n", walks[i].path);
		make_tree(&tree);
		status = layer_tree_place(&tree, walks[i].path, &node, &err);
		if (!walks[i].resolved) {
			assert_int_equal(status, -1);
			assert_int_equal(err.code, walks[i].code);
			assert_string_equal(err.msg, walks[i].error);
			continue;
		}
		assert_int_equal(status, 0);
		layer_node_path(node, path);
		assert_string_equal(path, walks[i].resolved);
		assert_int_equal(layer_tree_find(&tree, walks[i].path, &again,
						 &err),
				 0);
		assert_ptr_equal(again, node);
	}
}

static void finding_makes_nothing(void **state)
{
	AUTO(layer_tree) tree = { 0 };
	struct layer_node *node;
	struct error err = { 0 };
	uint64_t held;

	(void)state;
	make_tree(&tree);
	held = tree.held;
	assert_int_equal(layer_tree_find(&tree, "dangling/x", &node, &err), 0);
	assert_null(node);
	assert_int_equal(layer_tree_find(&tree, "a/x", &node, &err), 0);
	assert_null(node);
	assert_int_equal(tree.held, held);
}

static void what_is_over_nothing_leaves_no_place(void **state)
{
	AUTO(layer_tree) tree = { 0 };
	struct layer_node *node;
	struct error err = { 0 };

	(void)state;
	make_tree(&tree);
	assert_int_equal(layer_tree_place(&tree, "over-nothing/x", &node, &err),
			 0);
	assert_null(layer_node_child(tree.root, "no", 2));
}

static void a_file_loses_what_was_below_it(void **state)
{
	AUTO(layer_tree) tree = { 0 };
	struct layer_node *node;
	struct error err = { 0 };
	uint64_t held;

	(void)state;
	assert_int_equal(layer_tree_init(&tree, &err), 0);
	set(&tree, "d", LAYER_DIRECTORY, NULL);
	held = tree.held;
	set(&tree, "d/e/f", LAYER_SYMLINK, "target");
	set(&tree, "d", LAYER_OTHER, NULL);
	assert_int_equal(tree.held, held);
	assert_int_equal(layer_tree_find(&tree, "d/e/f", &node, &err), -1);
	assert_int_equal(err.code, ENOTDIR);
}

static void forty_symlinks_are_followed_and_no_more(void **state)
{
	AUTO(layer_tree) tree = { 0 };
	char name[8], target[8];
	struct layer_node *node;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(layer_tree_init(&tree, &err), 0);
	for (int i = 0; i <= 40; i++) {
		(void)snprintf(name, sizeof(name), "l%d", i);
		(void)snprintf(target, sizeof(target), "l%d", i + 1);
		set(&tree, name, LAYER_SYMLINK, target);
	}
	assert_int_equal(layer_tree_find(&tree, "l1/x", &node, &err), 0);
	assert_int_equal(layer_tree_find(&tree, "l0/x", &node, &err), -1);
	assert_int_equal(err.code, ELOOP);
}

static struct layer_node *place(struct layer_tree *tree, const char *path)
{
	struct layer_node *node;
	struct error err = { 0 };

	assert_int_equal(layer_tree_place(tree, path, &node, &err), 0);
	return node;
}

static void assert_resolves(struct layer_tree *tree, const char *path,
			    const char *want)
{
	char got[PATH_SIZE];

	layer_node_path(place(tree, path), got);
	assert_string_equal(got, want);
}

/* The memory of the last directory must not outlive what led to it. */
static void a_changed_symlink_leads_elsewhere(void **state)
{
	AUTO(layer_tree) tree = { 0 };
	struct layer_node *link, *middle;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(layer_tree_init(&tree, &err), 0);
	link = place(&tree, "l");
	set(&tree, "l", LAYER_SYMLINK, "a");
	assert_resolves(&tree, "l/x", "a/x");
	assert_int_equal(layer_tree_set(&tree, link, LAYER_DIRECTORY, NULL, 0,
					&err),
			 0);
	assert_resolves(&tree, "l/x", "l/x");

	set(&tree, "l", LAYER_SYMLINK, "b");
	assert_resolves(&tree, "l/x", "b/x");
	layer_tree_clear(&tree, link);
	assert_resolves(&tree, "l/x", "l/x");

	set(&tree, "l", LAYER_SYMLINK, "m/../c");
	middle = place(&tree, "m");
	assert_resolves(&tree, "l/x", "c/x");
	assert_int_equal(layer_tree_set(&tree, middle, LAYER_SYMLINK,
					strdup("d/e"), 4, &err),
			 0);
	assert_resolves(&tree, "l/x", "d/c/x");
}

static void symlinks_must_not_make_paths_too_long(void **state)
{
	AUTO(layer_tree) tree = { 0 };
	char target[4000], path[PATH_SIZE];
	struct layer_node *node;
	struct error err = { 0 };

	(void)state;
	memset(target, 'x', sizeof(target));
	for (size_t i = 99; i < sizeof(target); i += 100)
		target[i] = '/';
	target[sizeof(target) - 1] = '\0';
	assert_int_equal(layer_tree_init(&tree, &err), 0);
	set(&tree, "l", LAYER_SYMLINK, target);
	memset(path, 'y', sizeof(path));
	memcpy(path, "l/", 2);

	path[2 + 95] = '\0';
	assert_int_equal(layer_tree_place(&tree, path, &node, &err), 0);
	path[2 + 95] = 'y';
	path[2 + 96] = '\0';
	assert_int_equal(layer_tree_place(&tree, path, &node, &err), -1);
	assert_int_equal(err.code, ENAMETOOLONG);
	assert_string_equal(err.msg, "path of more than 4095 bytes");

	target[300] = '\0';
	memset(target, 'x', 300);
	set(&tree, "m", LAYER_SYMLINK, target);
	assert_int_equal(layer_tree_place(&tree, "m/x", &node, &err), -1);
	assert_string_equal(err.msg, "component of 300 bytes, more than 255");
}

static void a_hostile_layer_does_not_take_all_memory(void **state)
{
	AUTO(layer_tree) tree = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(layer_tree_init(&tree, &err), 0);
	assert_int_equal(layer_tree_charge(&tree, 200 << 20, &err), 0);
	assert_int_equal(layer_tree_charge(&tree, 100 << 20, &err), -1);
	assert_int_equal(err.code, E2BIG);
	assert_string_equal(err.msg, "the layer's names and attributes take "
				     "more than 256 MiB");
}

struct listing {
	char text[256];
};

static int list(struct layer_node *node, void *context)
{
	struct listing *l = context;

	strcat(l->text, node->name);
	strcat(l->text, " ");
	return strcmp(node->name, "b") == 0 ? 7 : 0;
}

static void children_come_in_bytewise_order(void **state)
{
	static const char *const names[] = {
		"a.x", "ab", "\xff", "a", "A", "b"
	};
	AUTO(layer_tree) tree = { 0 };
	struct listing l = { "" };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(layer_tree_init(&tree, &err), 0);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		set(&tree, names[i], LAYER_OTHER, NULL);
	assert_int_equal(layer_node_each(tree.root, list, &l), 7);
	assert_string_equal(l.text, "A a a.x ab b ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symlinks_of_the_layer_are_followed_within_it),
		cmocka_unit_test(finding_makes_nothing),
		cmocka_unit_test(what_is_over_nothing_leaves_no_place),
		cmocka_unit_test(a_file_loses_what_was_below_it),
		cmocka_unit_test(forty_symlinks_are_followed_and_no_more),
		cmocka_unit_test(a_changed_symlink_leads_elsewhere),
		cmocka_unit_test(symlinks_must_not_make_paths_too_long),
		cmocka_unit_test(a_hostile_layer_does_not_take_all_memory),
		cmocka_unit_test(children_come_in_bytewise_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
