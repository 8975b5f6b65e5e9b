/* SPDX-License-Identifier: MIT */
/* beneath.c - opening what is below a directory, and nothing else */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>

#include "guest/shared/beneath.h"
#include "guest/shared/cleanup.h"
#include "tests/unit/tree.h"

static const struct {
	const char *path;
	int code; /* 0: it opens */
} paths[] = {
	{ "", 0 },
	{ "d", 0 },
	{ "d/e", 0 },
	{ "d/../d", 0 },
	{ "none", ENOENT },
	{ "d/f", ENOTDIR },
	{ "inside", ENOTDIR },
	{ "inside/e", ELOOP },
	{ "d/to-root/d", ELOOP },
	{ "outside", ENOTDIR },
	{ "outside/x", ELOOP },
	{ "absolute/etc", ELOOP },
	{ "..", EXDEV },
	{ "d/../..", EXDEV },
	{ "/", EXDEV },
};

static void make_root(void)
{
	tree_dir("x");
	tree_dir("root");
	tree_dir("root/d");
	tree_dir("root/d/e");
	tree_file("root/d/f", "");
	assert_int_equal(symlink("d", "root/inside"), 0);
	assert_int_equal(symlink("..", "root/d/to-root"), 0);
	assert_int_equal(symlink("..", "root/outside"), 0);
	assert_int_equal(symlink("/", "root/absolute"), 0);
}

static void no_symlink_and_no_way_up_is_taken(void **state)
{
	autoclose int root = -1;

	(void)state;
	make_root();
	root = tree_open("root");
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		autoclose int fd = -1;

		print_message("'%s'\n", paths[i].path);
		errno = 0;
		fd = beneath_open(root, paths[i].path, O_PATH | O_DIRECTORY);
		assert_int_equal(errno, paths[i].code);
		assert_int_equal(fd >= 0, paths[i].code == 0);
		if (fd >= 0)
			assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	}
}

static void the_parent_of_a_path_is_opened(void **state)
{
	autoclose int root = -1;
	autoclose int parent = -1;
	autoclose int itself = -1;

	(void)state;
	make_root();
	root = tree_open("root");
	parent = beneath_open_parent(root, "d/not-there");
	assert_true(parent >= 0);
	assert_int_equal(faccessat(parent, "e", F_OK, 0), 0);
	itself = beneath_open_parent(root, "not-there");
	assert_int_equal(faccessat(itself, "d", F_OK, 0), 0);
	assert_int_equal(beneath_open_parent(root, "outside/x/y"), -1);
	assert_int_equal(errno, ELOOP);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_symlink_and_no_way_up_is_taken),
		TEST(the_parent_of_a_path_is_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
