/* SPDX-License-Identifier: MIT */
/* output.c - outputs appear whole or not at all */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/run/output.h"

static char top[] = "/tmp/overlayvm-output-XXXXXX";

static int make_top(void **state)
{
	(void)state;
	return mkdtemp(top) && chdir(top) == 0 ? 0 : -1;
}

static int remove_top(void **state)
{
	(void)state;
	(void)unlink("file");
	return chdir("/") || rmdir(top);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void assert_content(const char *name, const char *want)
{
	char text[64] = "";
	FILE *file = fopen(name, "r");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) < sizeof(text));
	(void)fclose(file);
	assert_string_equal(text, want);
}

static int count_files(void)
{
	DIR *dir = opendir(".");
	int count = 0;

	while (readdir(dir))
		count++;
	(void)closedir(dir);
	return count - 2;
}

static void without_a_commit_the_old_file_stays(void **state)
{
	struct output output = OUTPUT_NONE;
	struct error err = { 0 };

	(void)state;
	write_file("file", "old");
	assert_int_equal(output_open(&output, "file", AT_FDCWD, &err), 0);
	assert_int_equal(write(output.fd, "new", 3), 3);
	output_release(&output);
	assert_content("file", "old");
	assert_int_equal(count_files(), 1);
}

static void a_commit_replaces_it_in_one_moment(void **state)
{
	AUTO(output) output = OUTPUT_NONE;
	struct error err = { 0 };
	struct stat before;
	struct stat after;

	(void)state;
	write_file("file", "old");
	assert_int_equal(stat("file", &before), 0);
	assert_int_equal(output_open(&output, "file", AT_FDCWD, &err), 0);
	assert_int_equal(write(output.fd, "new", 3), 3);
	assert_int_equal(output_commit(&output, &err), 0);
	assert_content("file", "new");
	assert_int_equal(stat("file", &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(count_files(), 1);
}

static void a_new_file_obeys_the_umask(void **state)
{
	AUTO(output) output = OUTPUT_NONE;
	struct error err = { 0 };
	struct stat st;
	mode_t umask_before = umask(027);

	(void)state;
	(void)unlink("file");
	assert_int_equal(output_open(&output, "file", AT_FDCWD, &err), 0);
	assert_int_equal(output_commit(&output, &err), 0);
	assert_int_equal(stat("file", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	(void)umask(umask_before);
}

static void a_device_is_written_to_and_not_replaced(void **state)
{
	AUTO(output) output = OUTPUT_NONE;
	struct error err = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(output_open(&output, "/dev/full", AT_FDCWD, &err), 0);
	assert_int_equal(write(output.fd, "new", 3), 3);
	assert_int_equal(unlink(".output.0.tmp") == 0, 0);
	assert_int_equal(output_commit(&output, &err), -1);
	assert_string_equal(err.msg, "write to '/dev/full': No space left on "
				     "device");
	assert_int_equal(stat("/dev/full", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	(void)system("rm -f .output.*.tmp");
}

static void what_would_fail_late_is_said_early(void **state)
{
	static const struct {
		const char *path;
		const char *message;
	} cases[] = {
		{ ".", "'.' is a directory" },
		{ "none/", "'none/' is a directory" },
		{ "none/file",
		  "directory 'none' of 'none/file': No such file or "
		  "directory" },
		{ "file/x", "'file' is not a directory" },
	};
	struct error err = { 0 };

	(void)state;
	write_file("file", "");
	assert_int_equal(output_check("file", &err), 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(output_check(cases[i].path, &err), -1);
		assert_string_equal(err.msg, cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_commit_the_old_file_stays),
		cmocka_unit_test(a_commit_replaces_it_in_one_moment),
		cmocka_unit_test(a_new_file_obeys_the_umask),
		cmocka_unit_test(a_device_is_written_to_and_not_replaced),
		cmocka_unit_test(what_would_fail_late_is_said_early),
	};

	return cmocka_run_group_tests(tests, make_top, remove_top);
}
