/* SPDX-License-Identifier: MIT */
/* squash.c - layers become one squashfs, which the kernel reads */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "host/jail/landlock.h"
#include "host/layer/squash.h"
#include "images/command.h"
#include "tests/unit/tarball.h"
#include "tests/unit/tree.h"

#define LAYERS_MAX 3
#define FILE_NAME  "layers.sqfs"

static const struct squash_options no_options = { .jobs = 1 };

/* The tars, one after the other, as FILE_NAME in the working directory. */
static int squash(const struct tarball *tars, size_t count,
		  struct squash_options options, struct error *err)
{
	struct squash_layer layers[LAYERS_MAX];
	struct survey surveys[LAYERS_MAX];
	autofree char *program = NULL;
	autoclose int out = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
	int status;

	assert_true(out >= 0);
	assert_int_equal(command_find(&program, "tar2sqfs", err), 0);
	if (!program)
		skip();
	if (!options.program)
		options.program = program;
	for (size_t i = 0; i < count; i++) {
		layers[i].source =
			(struct layer_source){ tarball_open(&tars[i]), 0,
					       tars[i].size };
		layers[i].survey = &surveys[i];
		assert_int_equal(survey_layer(&surveys[i], &layers[i].source,
					      NULL, NULL, err),
				 0);
		assert_string_equal(surveys[i].why_not, "");
	}
	status = squash_layers(out, layers, count, &options, err);
	for (size_t i = 0; i < count; i++) {
		survey_release(&surveys[i]);
		(void)close(layers[i].source.fd);
	}
	return status;
}

/* A device that reads the file, and goes away with its mount; -1: none. */
static int attach(char device[32])
{
	struct loop_info64 info = { .lo_flags = LO_FLAGS_AUTOCLEAR |
						LO_FLAGS_READ_ONLY };
	autoclose int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	autoclose int file = open(FILE_NAME, O_RDONLY | O_CLOEXEC);
	autoclose int loop = -1;
	int number = control < 0 ? -1 : ioctl(control, LOOP_CTL_GET_FREE);

	if (number < 0)
		return -1;
	(void)snprintf(device, 32, "/dev/loop%d", number);
	loop = open(device, O_RDONLY | O_CLOEXEC);
	if (loop < 0 || ioctl(loop, LOOP_SET_FD, file) < 0)
		return -1;
	if (ioctl(loop, LOOP_SET_STATUS64, &info) < 0) {
		(void)ioctl(loop, LOOP_CLR_FD);
		return -1;
	}
	return take_fd(&loop);
}

/* What the kernel makes of it becomes the working directory. */
static void enter(const struct tarball *tars, size_t count)
{
	struct error err = { 0 };
	autoclose int loop = -1;
	char device[32];

	if (squash(tars, count, no_options, &err) < 0)
		fail_msg("%s", err.msg);
	tree_dir("mounted");
	loop = attach(device);
	if (loop < 0 ||
	    mount(device, "mounted", "squashfs", MS_RDONLY, NULL) < 0)
		skip();
	assert_int_equal(chdir("mounted"), 0);
}

static int leave(void **state)
{
	if (chdir(*state) < 0)
		return -1;
	(void)umount2("mounted", MNT_DETACH);
	return tree_teardown(state);
}

static void assert_content(const char *path, const char *want)
{
	char got[256] = "";
	FILE *f = fopen(path, "re");

	assert_non_null(f);
	(void)fread(got, 1, sizeof(got) - 1, f);
	(void)fclose(f);
	assert_string_equal(got, want);
}

static struct stat stat_of(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return st;
}

static void assert_xattr(const char *path, const char *name, const void *want,
			 size_t size)
{
	char got[256];
	ssize_t n = lgetxattr(path, name, got, sizeof(got));

	if (n < 0)
		fail_msg("%s of %s: %s", name, path, strerror(errno));
	assert_int_equal(n, size);
	assert_memory_equal(got, want, size);
}

static void a_layer_becomes_a_directory_with_all_attributes(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	tarball_pax_string(&t, "SCHILY.xattr.user.root", "r");
	tarball_add(&t, &(struct tarball_entry){ .name = "./",
						 .type = '5',
						 .mode = 01751,
						 .uid = 7,
						 .gid = 8,
						 .mtime = 123456 });
	tarball_add(&t, &(struct tarball_entry){ .name = "file",
						 .mode = 06755,
						 .uid = 4294967294,
						 .gid = 4000000000,
						 .mtime = 4294967295,
						 .data = "content" });
	tarball_end(&t);
	enter(&t, 1);
	st = stat_of("1");
	assert_int_equal(st.st_mode, S_IFDIR | 01751);
	assert_int_equal(st.st_uid, 7);
	assert_int_equal(st.st_gid, 8);
	assert_int_equal(st.st_mtime, 123456);
	assert_xattr("1", "user.root", "r", 1);
	st = stat_of("1/file");
	assert_int_equal(st.st_mode, S_IFREG | 06755);
	assert_true(st.st_uid == 4294967294 && st.st_gid == 4000000000);
	assert_true(st.st_mtime == 4294967295);
	assert_content("1/file", "content");
}

static void xattrs_are_bytes(void **state)
{
	static const char binary[] = "\0=\n\xff=";
	AUTO(tarball) t = { 0 };

	(void)state;
	tarball_pax(&t, "SCHILY.xattr.user.binary", binary, sizeof(binary));
	tarball_pax_string(&t, "SCHILY.xattr.user.equals", "a=b=c");
	tarball_pax_string(&t, "SCHILY.xattr.user.empty", "");
	tarball_pax_string(&t, "LIBARCHIVE.xattr.user.a%3Db%25", "AAE");
	tarball_pax_string(&t, "SCHILY.xattr.trusted.t", "1");
	tarball_pax(&t, "SCHILY.xattr.security.capability",
		    "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	tarball_file(&t, "file", "1");
	tarball_pax_string(&t, "SCHILY.xattr.trusted.l", "1");
	tarball_symlink(&t, "link", "file");
	enter(&t, 1);
	assert_xattr("1/file", "user.binary", binary, sizeof(binary));
	assert_xattr("1/file", "user.equals", "a=b=c", 5);
	assert_xattr("1/file", "user.empty", "", 0);
	assert_xattr("1/file", "user.a=b%", "\0\1", 2);
	assert_xattr("1/file", "trusted.t", "1", 1);
	assert_xattr("1/file", "security.capability",
		     "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	assert_xattr("1/link", "trusted.l", "1", 1);
}

static void special_files_and_links_stay(void **state)
{
	AUTO(tarball) t = { 0 };
	char target[64];
	struct stat st;

	(void)state;
	tarball_link(&t, "early", "late");
	tarball_file(&t, "late", "late");
	tarball_symlink(&t, "symlink", "../any \\ target");
	tarball_link(&t, "symlink-too", "symlink");
	tarball_add(&t, &(struct tarball_entry){ .name = "null",
						 .type = '3',
						 .mode = 0666,
						 .major = 1,
						 .minor = 3 });
	tarball_add(&t, &(struct tarball_entry){ .name = "disk",
						 .type = '4',
						 .major = 4095,
						 .minor = 1048575 });
	tarball_add(&t, &(struct tarball_entry){ .name = "fifo", .type = '6' });
	enter(&t, 1);
	assert_content("1/early", "late");
	assert_int_equal(stat_of("1/early").st_ino, stat_of("1/late").st_ino);
	assert_int_equal(stat_of("1/late").st_nlink, 2);
	assert_int_equal(readlink("1/symlink-too", target, sizeof(target)), 15);
	assert_memory_equal(target, "../any \\ target", 15);
	st = stat_of("1/null");
	assert_int_equal(st.st_mode, S_IFCHR | 0666);
	assert_int_equal(st.st_rdev, makedev(1, 3));
	assert_int_equal(stat_of("1/disk").st_rdev, makedev(4095, 1048575));
	assert_true(S_ISFIFO(stat_of("1/fifo").st_mode));
}

static void names_are_bytes(void **state)
{
	static const char *const names[] = {
		" a b ", "new\nline", "tab\t",	  "back\\slash", "\\",
		"*",	 "a=b",	      "#x",	  "\"q\"",	 "...",
		"-x",	 "\xff\xfe",  "\xc3\xa9", "%41",
	};
	AUTO(tarball) t = { 0 };
	char longest[256] = "";

	(void)state;
	memset(longest, 'n', sizeof(longest) - 1);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		tarball_file(&t, names[i], names[i]);
	tarball_file(&t, longest, "long");
	tarball_link(&t, "link\xff", "\xff\xfe");
	enter(&t, 1);
	assert_int_equal(chdir("1"), 0);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_content(names[i], names[i]);
	assert_content(longest, "long");
	assert_content("link\xff", "\xff\xfe");
}

static void directories_are_settled_at_the_end(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	tarball_file(&t, "dir/in/file", "1");
	tarball_add(&t, &(struct tarball_entry){ .name = "dir/in/",
						 .type = '5',
						 .mode = 0711,
						 .mtime = 5 });
	tarball_add(&t, &(struct tarball_entry){
				.name = "dir/", .type = '5', .mode = 0700 });
	tarball_add(&t, &(struct tarball_entry){
				.name = "dir/", .type = '5', .mode = 0750 });
	enter(&t, 1);
	st = stat_of("1/dir/in");
	assert_int_equal(st.st_mode, S_IFDIR | 0711);
	assert_int_equal(st.st_mtime, 5);
	assert_int_equal(stat_of("1/dir").st_mode, S_IFDIR | 0750);
	/* Its own root is implied. */
	st = stat_of("1");
	assert_int_equal(st.st_mode, S_IFDIR | 0755);
	assert_int_equal(st.st_mtime, 0);
}

static void assert_whiteout(const char *path)
{
	struct stat st = stat_of(path);

	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(st.st_rdev, 0);
}

static void whiteouts_are_as_overlayfs_wants_them(void **state)
{
	AUTO(tarball) t = { 0 };

	(void)state;
	tarball_file(&t, ".wh.gone", "");
	tarball_directory(&t, "dir");
	tarball_file(&t, "dir/.wh.a", "");
	tarball_directory(&t, "dir/sub");
	tarball_file(&t, "dir/sub/.wh.b", "");
	tarball_file(&t, "dir/.wh.z", "");
	tarball_directory(&t, "opaque");
	tarball_file(&t, "opaque/.wh..wh..opq", "");
	tarball_directory(&t, "plain");
	enter(&t, 1);
	assert_whiteout("1/gone");
	assert_whiteout("1/dir/a");
	assert_whiteout("1/dir/z");
	assert_whiteout("1/dir/sub/b");
	assert_xattr("1/opaque", "trusted.overlay.opaque", "y", 1);
	assert_int_equal(lgetxattr("1/plain", "trusted.overlay.opaque", NULL,
				   0),
			 -1);
	/* The directories in which they lie, to be merged with. */
	assert_true(S_ISDIR(stat_of(SQUASH_WHITEOUTS "/1/dir/sub").st_mode));
	assert_false(tree_has(SQUASH_WHITEOUTS "/1/opaque"));
}

static void layers_lie_side_by_side(void **state)
{
	struct tarball t[2] = { { 0 }, { 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(t); i++) {
		tarball_file(&t[i], "file", i == 0 ? "lower" : "upper");
		tarball_directory(&t[i], "dir");
		tarball_file(&t[i], "dir/.wh.gone", "");
		tarball_end(&t[i]);
	}
	enter(t, COUNT_OF(t));
	assert_content("1/file", "lower");
	assert_content("2/file", "upper");
	assert_whiteout("1/dir/gone");
	assert_whiteout("2/dir/gone");
	for (size_t i = 0; i < COUNT_OF(t); i++)
		tarball_release(&t[i]);
}

static void the_later_of_two_entries_counts(void **state)
{
	AUTO(tarball) t = { 0 };

	(void)state;
	tarball_file(&t, "file", "1");
	tarball_file(&t, "file", "2");
	tarball_file(&t, "file", "3");
	tarball_file(&t, "file-dir", "1");
	tarball_directory(&t, "file-dir");
	tarball_file(&t, "file-dir/in", "in");
	tarball_directory(&t, "dir-file");
	tarball_file(&t, "dir-file/in", "1");
	tarball_file(&t, "dir-file", "2");
	tarball_file(&t, "target", "target");
	tarball_link(&t, "link", "target");
	tarball_file(&t, "link", "no link");
	tarball_file(&t, "other", "no link");
	tarball_link(&t, "other", "target");
	enter(&t, 1);
	assert_content("1/file", "3");
	assert_content("1/file-dir/in", "in");
	assert_content("1/dir-file", "2");
	assert_content("1/link", "no link");
	assert_content("1/other", "target");
	assert_int_equal(stat_of("1/target").st_nlink, 2);
}

static void holes_are_zeros(void **state)
{
	static const char map[515] =
		"1\n1000000\n3\n"; /* and, after a block, the three bytes */
	static char data[1024];
	AUTO(tarball) t = { 0 };
	struct stat st;
	FILE *f;

	(void)state;
	memcpy(data, map, 512);
	memcpy(data + 512, "end", 3);
	tarball_pax_string(&t, "GNU.sparse.major", "1");
	tarball_pax_string(&t, "GNU.sparse.minor", "0");
	tarball_pax_string(&t, "GNU.sparse.name", "holes");
	tarball_pax_string(&t, "GNU.sparse.realsize", "1000003");
	tarball_add(&t, &(struct tarball_entry){
				.name = "holes", .data = data, .size = 515 });
	enter(&t, 1);
	st = stat_of("1/holes");
	assert_int_equal(st.st_size, 1000003);
	f = fopen("1/holes", "re");
	assert_non_null(f);
	for (int i = 0; i < 1000000; i++)
		if (fgetc(f) != 0)
			fail_msg("byte %d is no zero", i);
	assert_int_equal(fgetc(f), 'e');
	(void)fclose(f);
}

static void a_program_that_fails_is_named(void **state)
{
	static const struct {
		const char *program;
		const char *message;
	} cases[] = {
		{ "/nonexistent/tar2sqfs",
		  "start '/nonexistent/tar2sqfs': No such file or directory" },
		{ "/bin/false", "tar2sqfs: exit status 1" },
		{ "./complains", "tar2sqfs: exit status 3: last words" },
		{ "./dies", "tar2sqfs: ended by SIGTERM" },
	};

	(void)state;
	tree_file("complains", "#!/bin/sh\necho first >&2\n"
			       "echo last words >&2\n"
			       "while read -r line; do :; done\nexit 3\n");
	tree_file("dies", "#!/bin/sh\nkill -TERM $$\n");
	assert_int_equal(chmod("complains", 0755), 0);
	assert_int_equal(chmod("dies", 0755), 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		struct squash_options options = { cases[i].program, 1, NULL,
						  NULL };
		struct error err = { 0 };

		tarball_file(&t, "file", "1");
		assert_int_equal(squash(&t, 1, options, &err), -1);
		assert_non_null(strstr(err.msg, cases[i].message));
	}
}

static void the_program_opens_no_file_but_its_own(void **state)
{
	const struct squash_options options = { "./peeks", 1, NULL, NULL };
	AUTO(landlock) landlock = LANDLOCK_NONE;
	AUTO(tarball) t = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(landlock_begin(&landlock, &err), 0);
	if (landlock.version == 0)
		skip();
	tree_file("peeks", "#!/bin/sh\n"
			   "if read -r line </etc/passwd; then exit 4; fi\n"
			   "if true >new; then exit 5; fi\n"
			   "(true)\nexit 6\n");
	assert_int_equal(chmod("peeks", 0755), 0);
	tarball_file(&t, "file", "1");
	assert_int_equal(squash(&t, 1, options, &err), -1);
	print_message("%s\n", err.msg);
	assert_non_null(strstr(err.msg, "tar2sqfs: exit status 2: "));
	assert_non_null(strstr(err.msg, "Cannot fork"));
}

static int give_up(void *context, uint64_t bytes)
{
	(void)context;
	(void)bytes;
	return 1;
}

static void it_can_be_called_off(void **state)
{
	AUTO(tarball) t = { 0 };
	const struct squash_options options = { "./sleeps", 1, give_up, NULL };
	struct error err = { 0 };

	(void)state;
	tree_file("sleeps", "#!/bin/sh\nexec sleep 1000\n");
	assert_int_equal(chmod("sleeps", 0755), 0);
	tarball_file(&t, "file", "1");
	assert_int_equal(squash(&t, 1, options, &err), -1);
	assert_int_equal(err.code, ECANCELED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_layer_becomes_a_directory_with_all_attributes),
		TEST(xattrs_are_bytes),
		TEST(special_files_and_links_stay),
		TEST(names_are_bytes),
		TEST(directories_are_settled_at_the_end),
		TEST(whiteouts_are_as_overlayfs_wants_them),
		TEST(layers_lie_side_by_side),
		TEST(the_later_of_two_entries_counts),
		TEST(holes_are_zeros),
		TEST(a_program_that_fails_is_named),
		TEST(the_program_opens_no_file_but_its_own),
		TEST(it_can_be_called_off),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
