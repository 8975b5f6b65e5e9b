/* SPDX-License-Identifier: MIT */
/* layer_lower.c - directories that only the layers below describe */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/unit/tarball.h"
#include "tests/unit/tree.h"
#include "tests/unit/unpack.h"

/* The layers below are in "below". */
static int open_below(void *context, struct error *err)
{
	struct unpacking *run = context;

	run->lower_calls++;
	if (run->lower_code > 0)
		return error_set(err, run->lower_code, "mount the overlay");
	if (run->lower_code == 0)
		return -1;
	return open("below", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void unknown_directories_are_plain(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	tree_needs_root();
	unpack_add(&t, "a/b/f", '0', 0, 0, "");
	unpack_well(&t);
	st = unpacked_stat("root/a/b");
	assert_int_equal(st.st_mode, S_IFDIR | 0755);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_mtime, 0);
	st = unpacked_stat("root");
	assert_int_equal(st.st_mode, S_IFDIR | 0755);
	assert_int_equal(st.st_mtime, 0);
}

static void make_below(void)
{
	tree_dir("below");
	tree_dir("below/a");
	tree_dir("below/real");
	assert_int_equal(symlink("real", "below/link"), 0);
	tree_file("below/file", "");
	tree_xattr("below/a", "user.x", "value");
	assert_int_equal(chmod("below/a", 01777), 0);
	assert_int_equal(chmod("below", 0711), 0);
	tree_time("below/a", 123456);
	tree_time("below", 654321);
}

static void unknown_directories_are_as_below(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { .options = { .open_lower = open_below },
				 .lower_code = -1 };
	struct stat st;

	(void)state;
	make_below();
	unpack_add(&t, "a/f", '0', 0, 0, "");
	unpack_add(&t, "a/g", '0', 0, 0, "");
	assert_int_equal(unpack_tarball(&run, &t), 0);
	assert_int_equal(run.lower_calls, 1);
	st = unpacked_stat("root/a");
	assert_int_equal(st.st_mode, S_IFDIR | 01777);
	assert_int_equal(st.st_uid, geteuid());
	assert_int_equal(st.st_mtime, 123456);
	unpacked_xattr("root/a", "user.x", "value", 5);
	st = unpacked_stat("root");
	assert_int_equal(st.st_mode, S_IFDIR | 0711);
	assert_int_equal(st.st_mtime, 654321);
}

/* And neither are what is a symlink or a file there. */
static void a_symlink_below_is_no_directory(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { .options = { .open_lower = open_below },
				 .lower_code = -1 };

	(void)state;
	tree_needs_root();
	make_below();
	tree_xattr("below/a", "trusted.overlay.impure", "y");
	unpack_add(&t, "link/f", '0', 0, 0, "");
	unpack_add(&t, "link/sub/f", '0', 0, 0, "");
	unpack_add(&t, "file/f", '0', 0, 0, "");
	unpack_add(&t, "a/b/f", '0', 0, 0, "");
	assert_int_equal(unpack_tarball(&run, &t), 0);
	assert_int_equal(run.lower_calls, 1);
	assert_int_equal(unpacked_stat("root/link").st_mode, S_IFDIR | 0755);
	assert_int_equal(unpacked_stat("root/link").st_mtime, 0);
	assert_int_equal(unpacked_stat("root/link/sub").st_mode,
			 S_IFDIR | 0755);
	assert_int_equal(unpacked_stat("root/file").st_mode, S_IFDIR | 0755);
	assert_int_equal(unpacked_stat("root/a/b").st_mtime, 0);
	assert_int_equal(unpacked_stat("root/a").st_mtime, 123456);
	assert_int_equal(lgetxattr("root/a", "trusted.overlay.impure", NULL, 0),
			 -1);
}

static void what_is_below_is_opened_only_if_needed(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { .options = { .open_lower = open_below },
				 .lower_code = EIO };

	(void)state;
	unpack_add(&t, "./", '5', 0755, 0, NULL);
	unpack_add(&t, "d/", '5', 0755, 0, NULL);
	unpack_add(&t, "d/f", '0', 0644, 0, "");
	assert_int_equal(unpack_tarball(&run, &t), 0);
	assert_int_equal(run.lower_calls, 0);
}

static void a_failure_to_open_what_is_below_is_one(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { .options = { .open_lower = open_below },
				 .lower_code = EIO };

	(void)state;
	unpack_add(&t, "d/f", '0', 0644, 0, "");
	assert_int_equal(unpack_tarball(&run, &t), -1);
	assert_int_equal(run.err.code, EIO);
	assert_string_equal(run.err.msg, "directory 'd': open the layers below:"
					 " mount the overlay");
}

static void there_may_be_nothing_below(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { .options = { .open_lower = open_below },
				 .lower_code = 0 };

	(void)state;
	tree_needs_root();
	unpack_add(&t, "a/b/f", '0', 0644, 0, "");
	assert_int_equal(unpack_tarball(&run, &t), 0);
	assert_int_equal(run.lower_calls, 1);
	assert_int_equal(unpacked_stat("root/a").st_mode, S_IFDIR | 0755);
}

static bool leaves_whiteout(const char *marker, int lower_code,
			    const char *path)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { .options = { .open_lower = open_below },
				 .lower_code = lower_code };
	struct stat st;

	unpack_add(&t, marker, '0', 0, 0, "");
	assert_int_equal(unpack_tarball(&run, &t), 0);
	assert_int_equal(run.lower_calls, 1);
	return lstat(path, &st) == 0;
}

/* overlayfs would list them where it has nothing to merge. */
static void whiteouts_of_nothing_are_dropped(void **state)
{
	static const struct {
		const char *marker, *path;
		bool stays;
	} cases[] = {
		{ ".wh.file", "root/file", true },
		{ ".wh.link", "root/link", true },
		{ "a/.wh.dir", "root/a/dir", true },
		{ "a/.wh.never", "root/a/never", false },
		{ "file/.wh.x", "root/file/x", false },
		{ "link/.wh.x", "root/link/x", false },
		{ "new/.wh.x", "root/new/x", false },
	};

	(void)state;
	tree_needs_root();
	make_below();
	tree_dir("below/a/dir");
	tree_file("below/real/x", "");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		print_message("%s\n", cases[i].marker);
		assert_int_equal(leaves_whiteout(cases[i].marker, -1,
						 cases[i].path),
				 cases[i].stays);
		tree_remove("root");
	}
	assert_false(leaves_whiteout(".wh.x", 0, "root/x"));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unknown_directories_are_plain),
		TEST(unknown_directories_are_as_below),
		TEST(a_symlink_below_is_no_directory),
		TEST(what_is_below_is_opened_only_if_needed),
		TEST(a_failure_to_open_what_is_below_is_one),
		TEST(there_may_be_nothing_below),
		TEST(whiteouts_of_nothing_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
