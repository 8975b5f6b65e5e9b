/* SPDX-License-Identifier: MIT */
/* unbundle.c - what the guest leaves in $out, as files of this host */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/layer/unbundle.h"
#include "tests/unit/tarball.h"
#include "tests/unit/tree.h"

/* Into the directory "into", which is made for it; -1 with *err. */
static int take(struct tarball *t, struct error *err)
{
	struct unbundle what = { 0 };
	autoclose int tar = -1;
	autoclose int into = -1;

	tarball_end(t);
	tar = tarball_open(t);
	assert_int_equal(mkdir("into", 0700), 0);
	into = open("into", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	what.tar = tar;
	what.into = into;
	return unbundle(&what, err);
}

static void assert_file(const char *path, const char *text, mode_t mode)
{
	char bytes[64] = { 0 };
	struct stat st;
	autoclose int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(read(fd, bytes, sizeof(bytes) - 1) >= 0);
	assert_string_equal(bytes, text);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	assert_int_equal(st.st_uid, getuid());
}

static void files_directories_and_links_come_out(void **state)
{
	AUTO(tarball) t = { 0 };
	struct error err = { 0 };
	char target[64] = { 0 };
	struct stat st;

	(void)state;
	tarball_directory(&t, "./");
	tarball_directory(&t, "d/");
	tarball_add(&t, &(struct tarball_entry){ .name = "d/set-id",
						 .mode = 06755,
						 .uid = 12,
						 .mtime = 1234567890,
						 .data = "text" });
	tarball_add(&t, &(struct tarball_entry){
				.name = "none", .mode = 01000, .data = "" });
	tarball_symlink(&t, "d/up", "../none");
	tarball_symlink(&t, "along", "d/up");
	tarball_link(&t, "again", "d/set-id");
	tarball_file(&t, "new\nline $(x)", "odd");
	if (take(&t, &err) < 0)
		fail_msg("%s", err.msg);
	assert_file("into/d/set-id", "text", 0755);
	assert_file("into/none", "", 0600);
	assert_file("into/again", "text", 0755);
	assert_file("into/new\nline $(x)", "odd", 0644);
	assert_true(readlink("into/d/up", target, sizeof(target)) > 0);
	assert_string_equal(target, "../none");
	assert_int_equal(stat("into/d/set-id", &st), 0);
	assert_int_equal(st.st_mtim.tv_sec, 1234567890);
	assert_int_equal(st.st_nlink, 2);
}

/* Each is put into a tar by itself, and nothing is outside then. */
static void what_leads_out_is_refused(void **state)
{
	static const struct {
		const char *entries[4];
		const char *message;
	} cases[] = {
		{ { "../f=x" }, "'../f' in $out: '..' in the name" },
		{ { "/f=x" }, "'/f' in $out: absolute name" },
		{ { "s>/etc" },
		  "'s' in $out is a link that may lead out of it" },
		{ { "s>.." }, "'s' in $out is a link that may lead out of it" },
		{ { "d/", "d/s>../.." },
		  "'d/s' in $out is a link that may lead out of it" },
		{ { "d/", "d/s>x/.." },
		  "'d/s' in $out is a link that may lead out of it" },
		{ { "s>d", "d/", "s/f=x" },
		  "make 's/f' of $out: Not a directory" },
		{ { "f=x", "f=y" }, "make 'f' of $out: File exists" },
		{ { "s>f", "s=y" }, "make 's' of $out: File exists" },
		{ { "h&../../etc/passwd" },
		  "'h' in $out is a link that may lead out of it" },
		{ { "h&none" }, "make 'h' of $out: No such file or directory" },
		{ { "s>x", "h&s" },
		  "'h' in $out is a link to what is no file" },
		{ { "d/f=x" },
		  "make 'd/f' of $out: No such file or directory" },
		{ { "p|" },
		  "'p' in $out is neither a file nor a directory nor "
		  "a link" },
		{ { ".wh.f=x" }, "'.wh.f' in $out has the name of a whiteout" },
		{ { ".=x" }, "'' in $out is no directory" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		struct error err = { 0 };

		for (size_t j = 0; j < 4 && cases[i].entries[j]; j++)
			tarball_short(&t, cases[i].entries[j]);
		assert_int_equal(take(&t, &err), -1);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(access("f", F_OK), -1);
		tree_remove("into");
	}
}

static void a_tar_that_is_none_is_refused(void **state)
{
	AUTO(tarball) t = { 0 };
	struct error err = { 0 };

	(void)state;
	tarball_raw(&t, "no tar at all", 13);
	assert_int_equal(take(&t, &err), -1);
	assert_non_null(strstr(err.msg, "what hooks left in $out: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			files_directories_and_links_come_out, tree_setup,
			tree_teardown),
		cmocka_unit_test_setup_teardown(what_leads_out_is_refused,
						tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(a_tar_that_is_none_is_refused,
						tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
