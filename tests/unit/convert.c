/* SPDX-License-Identifier: MIT */
/* convert.c - an upper directory to OCI form */
#include "tests/unit/unit.h"

#include <errno.h>
#include <limits.h>
#include <sys/resource.h>

#include "guest/agent/convert.h"
#include "guest/shared/cleanup.h"
#include "tests/unit/tree.h"

static char warned[256];

static void remember(void *context, const char *text)
{
	(void)context;
	(void)snprintf(warned, sizeof(warned), "%s", text);
}

/* upper/ over lower/, or over nothing if there is no lower/. */
static int convert(struct error *err)
{
	static const struct warn warn = { remember, NULL };
	int upper = tree_open("upper");
	int lower = tree_has("lower") ? tree_open("lower") : -1;
	int result;

	warned[0] = '\0';
	result = upper_convert(upper, lower, &warn, err);
	close(upper);
	if (lower >= 0)
		close(lower);
	return result;
}

static void convert_ok(void)
{
	struct error err = { 0 };
	int result = convert(&err);

	assert_string_equal(err.msg, "");
	assert_int_equal(result, 0);
}

static void assert_marker(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0644);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_gid, 0);
	assert_int_equal(st.st_mtim.tv_sec, 0);
	assert_int_equal(st.st_mtim.tv_nsec, 0);
	assert_int_equal(st.st_nlink, 1);
}

static int setup(void **state)
{
	if (tree_setup(state) < 0)
		return -1;
	return mkdir("upper", 0755);
}

static int setup_with_lower(void **state)
{
	if (setup(state) < 0)
		return -1;
	return mkdir("lower", 0755);
}

static void whiteout_of_a_lower_name_becomes_a_marker(void **state)
{
	static const char *const names[] = { "file", "dir",	  "link",
					     "a b",  "new\nline", "\377\376",
					     "$(x)" };

	(void)state;
	tree_needs_root();
	tree_dir("lower/dir");
	assert_int_equal(symlink("nowhere", "lower/link"), 0);
	umask(077);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char lower[64], upper[64];

		(void)snprintf(lower, sizeof(lower), "lower/%s", names[i]);
		(void)snprintf(upper, sizeof(upper), "upper/%s", names[i]);
		if (!tree_has(lower))
			tree_file(lower, "x");
		tree_device(upper, 0, 0);
	}
	convert_ok();
	umask(022);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "upper/.wh.%s", names[i]);
		assert_marker(path);
		(void)snprintf(path, sizeof(path), "upper/%s", names[i]);
		assert_false(tree_has(path));
	}
}

static void whiteouts_that_share_an_inode_become_files_of_their_own(
	void **state)
{
	(void)state;
	tree_needs_root();
	tree_file("lower/a", "");
	tree_file("lower/b", "");
	tree_device("upper/a", 0, 0);
	assert_int_equal(link("upper/a", "upper/b"), 0);
	convert_ok();
	assert_marker("upper/.wh.a");
	assert_marker("upper/.wh.b");
}

static void whiteout_of_nothing_goes(void **state)
{
	(void)state;
	tree_needs_root();
	tree_device("upper/a", 0, 0);
	tree_dir("upper/d");
	tree_device("upper/d/a", 0, 0);
	convert_ok();
	assert_false(tree_has("upper/a"));
	assert_false(tree_has("upper/.wh.a"));
	assert_false(tree_has("upper/d/a"));
	assert_false(tree_has("upper/d/.wh.a"));
}

static void whiteout_of_a_lower_whiteout_goes(void **state)
{
	(void)state;
	tree_needs_root();
	tree_device("upper/a", 0, 0);
	tree_device("lower/a", 0, 0);
	convert_ok();
	assert_false(tree_has("upper/.wh.a"));
}

static void without_a_base_there_are_no_markers(void **state)
{
	(void)state;
	tree_needs_root();
	tree_device("upper/a", 0, 0);
	tree_xattr("upper", "trusted.overlay.opaque", "y");
	convert_ok();
	assert_false(tree_has("upper/a"));
	assert_false(tree_has("upper/.wh.a"));
	assert_false(tree_has("upper/.wh..wh..opq"));
}

static void lower_symlinks_are_not_followed(void **state)
{
	(void)state;
	tree_needs_root();
	tree_dir("lower/usr");
	tree_dir("lower/usr/lib");
	tree_file("lower/usr/lib/x", "");
	assert_int_equal(symlink("usr/lib", "lower/lib"), 0);
	tree_dir("upper/lib");
	tree_device("upper/lib/x", 0, 0);
	convert_ok();
	assert_false(tree_has("upper/lib/.wh.x"));
}

static void whiteouts_are_found_on_the_way_back(void **state)
{
	(void)state;
	tree_needs_root();
	tree_dir("lower/a");
	tree_dir("lower/a/b");
	tree_file("lower/a/b/x", "");
	tree_dir("lower/c");
	tree_dir("lower/c/d");
	tree_file("lower/c/d/x", "");
	tree_dir("upper/a");
	tree_dir("upper/a/b");
	tree_device("upper/a/b/x", 0, 0);
	tree_dir("upper/b");
	tree_device("upper/b/x", 0, 0);
	tree_dir("upper/c");
	tree_dir("upper/c/d");
	tree_device("upper/c/d/x", 0, 0);
	convert_ok();
	assert_marker("upper/a/b/.wh.x");
	assert_false(tree_has("upper/b/.wh.x"));
	assert_marker("upper/c/d/.wh.x");
}

static void empty_file_with_the_xattr_is_a_whiteout(void **state)
{
	(void)state;
	tree_needs_root();
	tree_file("lower/a", "");
	tree_file("lower/b", "");
	tree_file("upper/a", "");
	tree_xattr("upper/a", "trusted.overlay.whiteout", "y");
	tree_file("upper/b", "content");
	tree_xattr("upper/b", "trusted.overlay.whiteout", "y");
	convert_ok();
	assert_marker("upper/.wh.a");
	assert_false(tree_has("upper/a"));
	assert_true(tree_has("upper/b"));
	assert_false(tree_has("upper/.wh.b"));
}

static void other_devices_stay(void **state)
{
	struct stat st;

	(void)state;
	tree_needs_root();
	tree_file("lower/null", "");
	tree_device("upper/null", 1, 3);
	assert_int_equal(mknod("upper/block", S_IFBLK | 0600, makedev(0, 0)),
			 0);
	convert_ok();
	assert_int_equal(lstat("upper/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_false(tree_has("upper/.wh.null"));
	assert_true(tree_has("upper/block"));
}

static void opaque_directory_gets_its_marker(void **state)
{
	(void)state;
	tree_needs_root();
	tree_dir("lower/d");
	tree_dir("lower/d/sub");
	tree_file("lower/d/old", "");
	tree_dir("upper/d");
	tree_xattr("upper/d", "trusted.overlay.opaque", "y");
	tree_device("upper/d/old", 0, 0);
	/* Nothing of the lower d/sub shows either, so it needs no marker. */
	tree_dir("upper/d/sub");
	tree_xattr("upper/d/sub", "trusted.overlay.opaque", "y");
	convert_ok();
	assert_marker("upper/d/.wh..wh..opq");
	assert_false(tree_has("upper/d/old"));
	assert_false(tree_has("upper/d/.wh.old"));
	assert_false(tree_has("upper/d/sub/.wh..wh..opq"));
}

static void opaque_directory_over_no_directory_gets_none(void **state)
{
	(void)state;
	tree_needs_root();
	tree_file("lower/file", "");
	assert_int_equal(symlink(".", "lower/link"), 0);
	tree_dir("upper/new");
	tree_xattr("upper/new", "trusted.overlay.opaque", "y");
	tree_dir("upper/file");
	tree_xattr("upper/file", "trusted.overlay.opaque", "y");
	tree_dir("upper/link");
	tree_xattr("upper/link", "trusted.overlay.opaque", "y");
	convert_ok();
	assert_false(tree_has("upper/new/.wh..wh..opq"));
	assert_false(tree_has("upper/file/.wh..wh..opq"));
	assert_false(tree_has("upper/link/.wh..wh..opq"));
}

static void opaque_x_is_not_opaque(void **state)
{
	(void)state;
	tree_needs_root();
	tree_dir("lower/d");
	tree_file("lower/d/a", "");
	tree_dir("upper/d");
	tree_xattr("upper/d", "trusted.overlay.opaque", "x");
	tree_device("upper/d/a", 0, 0);
	convert_ok();
	assert_false(tree_has("upper/d/.wh..wh..opq"));
	assert_marker("upper/d/.wh.a");
}

static void notes_of_overlayfs_go_and_others_stay(void **state)
{
	static const char *const notes[] = {
		"trusted.overlay.impure", "trusted.overlay.origin",
		"trusted.overlay.nlink",  "trusted.overlay.upper",
		"trusted.overlay.uuid",	  "trusted.overlay.protattr",
		"trusted.overlay.opaque"
	};
	static const char *const places[] = { "upper", "upper/d", "upper/d/f",
					      "upper/d/l", "upper/n" };

	(void)state;
	tree_needs_root();
	tree_dir("upper/d");
	tree_file("upper/d/f", "x");
	assert_int_equal(symlink("f", "upper/d/l"), 0);
	tree_device("upper/n", 1, 3);
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		for (size_t j = 0; j < COUNT_OF(notes); j++)
			tree_xattr(places[i], notes[j], "n");
		tree_xattr(places[i], "trusted.mine", "kept");
	}
	convert_ok();
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		char names[256];

		assert_int_equal(llistxattr(places[i], names, sizeof(names)),
				 sizeof("trusted.mine"));
		assert_string_equal(names, "trusted.mine");
	}
	assert_string_equal(warned, "");
}

static void escaped_xattrs_go_with_a_warning(void **state)
{
	(void)state;
	tree_needs_root();
	tree_dir("upper/d");
	tree_xattr("upper/d", "trusted.overlay.overlay.opaque", "y");
	convert_ok();
	assert_string_equal(warned, "xattr trusted.overlay.overlay.opaque of "
				    "'d' is left out of the layer");
}

static void directories_keep_their_times(void **state)
{
	struct timespec times[2] = { { 11, 12 }, { 13, 14 } };
	struct stat st;

	(void)state;
	tree_needs_root();
	tree_dir("lower/d");
	tree_file("lower/d/a", "");
	tree_dir("upper/d");
	tree_device("upper/d/a", 0, 0);
	assert_int_equal(utimensat(AT_FDCWD, "upper/d", times, 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, "upper", times, 0), 0);
	convert_ok();
	assert_int_equal(stat("upper/d", &st), 0);
	assert_memory_equal(&st.st_atim, &times[0], sizeof(times[0]));
	assert_memory_equal(&st.st_mtim, &times[1], sizeof(times[1]));
	assert_int_equal(stat("upper", &st), 0);
	assert_memory_equal(&st.st_mtim, &times[1], sizeof(times[1]));
}

static void names_of_markers_are_refused(void **state)
{
	static const char *const paths[] = { "upper/d/.wh.x", "upper/d/.wh.",
					     "upper/d/.wh..wh..opq" };

	(void)state;
	tree_dir("upper/d");
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct error err = { 0 };
		char want[256];

		tree_file(paths[i], "");
		assert_int_equal(convert(&err), -1);
		assert_int_equal(err.code, EINVAL);
		(void)snprintf(want, sizeof(want),
			       "'%s' cannot be expressed "
			       "in a layer: names that begin with .wh. stand "
			       "for deletions",
			       paths[i] + strlen("upper/"));
		assert_string_equal(err.msg, want);
		assert_int_equal(unlink(paths[i]), 0);
	}
}

static void too_long_a_deleted_name_is_refused(void **state)
{
	char name[NAME_MAX + 1], lower[300], upper[300], want[400];
	struct error err = { 0 };

	(void)state;
	tree_needs_root();
	memset(name, 'n', 251);
	name[251] = '\0';
	(void)snprintf(lower, sizeof(lower), "lower/%s", name);
	(void)snprintf(upper, sizeof(upper), "upper/%s", name);
	tree_file(lower, "");
	tree_device(upper, 0, 0);
	convert_ok();

	strcat(name, "n");
	(void)snprintf(lower, sizeof(lower), "lower/%s", name);
	(void)snprintf(upper, sizeof(upper), "upper/%s", name);
	tree_file(lower, "");
	tree_device(upper, 0, 0);
	(void)snprintf(want, sizeof(want), "upper/.wh.%.251s", name);
	assert_int_equal(unlink(want), 0);
	assert_int_equal(convert(&err), -1);
	assert_int_equal(err.code, EINVAL);
	(void)snprintf(want, sizeof(want),
		       "the deletion of '%s' cannot be "
		       "expressed in a layer: its name is longer than 251 "
		       "bytes",
		       name);
	assert_string_equal(err.msg, want);
}

static void redirect_and_metacopy_are_refused(void **state)
{
	static const struct {
		const char *path;
		const char *xattr;
		const char *msg;
	} cases[] = {
		{ "upper/d", "trusted.overlay.redirect",
		  "'d' carries trusted.overlay.redirect, which cannot be "
		  "expressed in a layer" },
		{ "upper/d/f", "trusted.overlay.metacopy",
		  "'d/f' carries trusted.overlay.metacopy, which cannot be "
		  "expressed in a layer" },
		{ "upper", "trusted.overlay.redirect",
		  "'.' carries trusted.overlay.redirect, which cannot be "
		  "expressed in a layer" },
	};

	(void)state;
	tree_needs_root();
	tree_dir("upper/d");
	tree_file("upper/d/f", "");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = { 0 };

		tree_xattr(cases[i].path, cases[i].xattr, "/x");
		assert_int_equal(convert(&err), -1);
		assert_int_equal(err.code, EINVAL);
		assert_string_equal(err.msg, cases[i].msg);
		assert_int_equal(lremovexattr(cases[i].path, cases[i].xattr),
				 0);
	}
}

static void deep_trees_need_few_descriptors(void **state)
{
	char home[PATH_MAX];
	struct rlimit limit = { 24, 24 }, before;

	(void)state;
	tree_needs_root();
	assert_non_null(getcwd(home, sizeof(home)));
	for (int tree = 0; tree < 2; tree++) {
		assert_int_equal(chdir(tree ? "lower" : "upper"), 0);
		for (int depth = 0; depth < 1100; depth++) {
			tree_dir("directory");
			assert_int_equal(chdir("directory"), 0);
			if (tree)
				tree_file("gone", "");
			else
				tree_device("gone", 0, 0);
		}
		assert_int_equal(chdir(home), 0);
	}
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	convert_ok();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);

	assert_int_equal(chdir("upper"), 0);
	for (int depth = 0; depth < 1100; depth++)
		assert_int_equal(chdir("directory"), 0);
	assert_marker(".wh.gone");
	assert_int_equal(chdir(home), 0);
}

static void working_directory_is_kept(void **state)
{
	struct error err = { 0 };
	char cwd[PATH_MAX];

	tree_dir("upper/d");
	convert_ok();
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_string_equal(cwd, *state);
	tree_file("upper/d/.wh.x", "");
	assert_int_equal(convert(&err), -1);
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_string_equal(cwd, *state);
}

#define ALONE(f) cmocka_unit_test_setup_teardown(f, setup, tree_teardown)
#define OVER(f)                                                                \
	cmocka_unit_test_setup_teardown(f, setup_with_lower, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OVER(whiteout_of_a_lower_name_becomes_a_marker),
		OVER(whiteouts_that_share_an_inode_become_files_of_their_own),
		OVER(whiteout_of_nothing_goes),
		OVER(whiteout_of_a_lower_whiteout_goes),
		ALONE(without_a_base_there_are_no_markers),
		OVER(lower_symlinks_are_not_followed),
		OVER(whiteouts_are_found_on_the_way_back),
		OVER(empty_file_with_the_xattr_is_a_whiteout),
		OVER(other_devices_stay),
		OVER(opaque_directory_gets_its_marker),
		OVER(opaque_directory_over_no_directory_gets_none),
		OVER(opaque_x_is_not_opaque),
		OVER(notes_of_overlayfs_go_and_others_stay),
		OVER(escaped_xattrs_go_with_a_warning),
		OVER(directories_keep_their_times),
		ALONE(names_of_markers_are_refused),
		OVER(too_long_a_deleted_name_is_refused),
		OVER(redirect_and_metacopy_are_refused),
		OVER(deep_trees_need_few_descriptors),
		ALONE(working_directory_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
