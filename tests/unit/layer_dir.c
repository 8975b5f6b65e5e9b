/* SPDX-License-Identifier: MIT */
/* layer_dir.c - layers unpacked into a directory */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "guest/shared/layer_dir.h"
#include "tests/unit/tarball.h"
#include "tests/unit/tree.h"

/* One run: into "root" of the working directory, which is made for it. */
struct run {
	struct layer_dir_options options;
	struct layer_stats stats;
	struct error err;
	char warnings[1024];
	int lower_calls;
	int lower_code; /* what open_lower() fails with; -1: it succeeds */
};

static void keep_warning(void *context, const char *message)
{
	struct run *run = context;

	if (run->warnings[0])
		strcat(run->warnings, "; ");
	strncat(run->warnings, message,
		sizeof(run->warnings) - strlen(run->warnings) - 3);
}

/* The layers below are in "below". */
static int open_below(void *context, struct error *err)
{
	struct run *run = context;

	run->lower_calls++;
	if (run->lower_code > 0)
		return error_set(err, run->lower_code, "mount the overlay");
	if (run->lower_code == 0)
		return -1;
	return open("below", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int unpack(struct run *run, const struct tarball *t)
{
	struct layer_source source = { 0 };
	autoclose int fd = tarball_open(t);
	autoclose int root = -1;

	if (mkdir("root", 0755) < 0)
		assert_int_equal(errno, EEXIST);
	root = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	source.fd = fd;
	source.size = t->size;
	run->options.read.warn = keep_warning;
	run->options.read.warn_context = run;
	run->options.lower_context = run;
	return layer_unpack(&source, root, &run->options, &run->stats,
			    &run->err);
}

static void unpack_well(const struct tarball *t)
{
	struct run run = { 0 };

	if (unpack(&run, t) < 0)
		fail_msg("%s", run.err.msg);
	assert_string_equal(run.warnings, "");
}

static struct stat stat_of(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return st;
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

static void assert_xattr(const char *path, const char *name, const void *want,
			 size_t size)
{
	static char got[65537];
	ssize_t n = lgetxattr(path, name, got, sizeof(got));

	if (n < 0)
		fail_msg("%s of %s: %s", name, path, strerror(errno));
	assert_int_equal(n, size);
	assert_memory_equal(got, want, size);
}

/* Owned by whoever runs the test, so that it takes no privileges. */
static void add(struct tarball *t, const char *name, char type,
		unsigned int mode, int64_t mtime, const char *text)
{
	bool is_link = type == '1' || type == '2';

	tarball_add(t, &(struct tarball_entry){
			       .name = name,
			       .type = type,
			       .mode = mode,
			       .uid = geteuid(),
			       .gid = getegid(),
			       .mtime = mtime,
			       .link = is_link ? text : NULL,
			       .data = is_link ? NULL : text,
		       });
}

static void every_type_has_its_attributes(void **state)
{
	AUTO(tarball) t = { 0 };
	char target[16] = "";
	struct stat st;

	(void)state;
	add(&t, "./", '5', 0750, 1, NULL);
	add(&t, "./d/", '5', 03775, 2, NULL);
	add(&t, "./d/f", '0', 0640, 3, "text");
	add(&t, "./d/s", '2', 0777, 4, "../f");
	add(&t, "./d/p", '6', 0602, 5, NULL);
	add(&t, "./d/suid", '0', 06755, 6, "");
	add(&t, "./l", '1', 0, 0, "d/f");
	tarball_end(&t);
	unpack_well(&t);

	st = stat_of("root");
	assert_int_equal(st.st_mode, S_IFDIR | 0750);
	assert_int_equal(st.st_mtime, 1);
	st = stat_of("root/d");
	assert_int_equal(st.st_mode, S_IFDIR | 03775);
	assert_int_equal(st.st_mtime, 2);
	st = stat_of("root/d/f");
	assert_int_equal(st.st_mode, S_IFREG | 0640);
	assert_int_equal(st.st_mtime, 3);
	assert_int_equal(st.st_nlink, 2);
	assert_content("root/d/f", "text");
	assert_int_equal(stat_of("root/l").st_ino, st.st_ino);
	st = stat_of("root/d/s");
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(st.st_mtime, 4);
	assert_int_equal(readlink("root/d/s", target, sizeof(target)), 4);
	assert_string_equal(target, "../f");
	st = stat_of("root/d/p");
	assert_int_equal(st.st_mode, S_IFIFO | 0602);
	assert_int_equal(st.st_mtime, 5);
	assert_int_equal(stat_of("root/d/suid").st_mode, S_IFREG | 06755);
}

static void directories_are_settled_last(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	add(&t, "./", '5', 0755, 1, NULL);
	add(&t, "d/", '5', 0, 10, NULL);
	add(&t, "d/", '5', 0555, 20, NULL);
	add(&t, "d/e/", '5', 0100, 30, NULL);
	add(&t, "d/e/f", '0', 0400, 40, "x");
	add(&t, "g", '0', 0644, 50, "x");
	add(&t, "d/e/h", '1', 0, 0, "g");
	assert_int_equal(unpack(&(struct run){ 0 }, &t), 0);

	st = stat_of("root/d");
	assert_int_equal(st.st_mode, S_IFDIR | 0555);
	assert_int_equal(st.st_mtime, 20);
	st = stat_of("root/d/e");
	assert_int_equal(st.st_mode, S_IFDIR | 0100);
	assert_int_equal(st.st_mtime, 30);
	assert_int_equal(stat_of("root/d/e/f").st_mtime, 40);
	assert_int_equal(stat_of("root/d/e/h").st_nlink, 2);
	assert_int_equal(chmod("root/d", 0700), 0);
	assert_int_equal(chmod("root/d/e", 0700), 0);
}

static void times_are_exact(void **state)
{
	static const struct {
		const char *pax;
		time_t seconds;
		long nanoseconds;
	} cases[] = {
		{ "1700000000.123456789", 1700000000, 123456789 },
		{ "1.5", 1, 500000000 },
		{ "0", 0, 0 },
		{ "-1", -1, 0 },
		{ "-1.25", -2, 750000000 },
		{ "8589934592.000000001", 8589934592, 1 },
	};
	AUTO(tarball) t = { 0 };
	char name[8];

	(void)state;
	add(&t, "./", '5', 0755, 1, NULL);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		(void)snprintf(name, sizeof(name), "%zu", i);
		tarball_pax_string(&t, "mtime", cases[i].pax);
		add(&t, name, '0', 0644, 99, "");
	}
	add(&t, "ustar", '0', 0644, -2000000000, "");
	unpack_well(&t);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stat st;

		(void)snprintf(name, sizeof(name), "root/%zu", i);
		st = stat_of(name);
		print_message("%s\n", cases[i].pax);
		assert_int_equal(st.st_mtim.tv_sec, cases[i].seconds);
		assert_int_equal(st.st_mtim.tv_nsec, cases[i].nanoseconds);
	}
	assert_int_equal(stat_of("root/ustar").st_mtim.tv_sec, -2000000000);
}

static void the_umask_has_no_say(void **state)
{
	AUTO(tarball) t = { 0 };
	mode_t before = umask(077);

	(void)state;
	add(&t, "./", '5', 0777, 1, NULL);
	add(&t, "d/", '5', 0777, 1, NULL);
	add(&t, "f", '0', 0666, 1, "");
	add(&t, "p", '6', 0666, 1, NULL);
	unpack_well(&t);
	assert_int_equal(umask(before), 077);
	assert_int_equal(stat_of("root").st_mode & 07777, 0777);
	assert_int_equal(stat_of("root/d").st_mode & 07777, 0777);
	assert_int_equal(stat_of("root/f").st_mode & 07777, 0666);
	assert_int_equal(stat_of("root/p").st_mode & 07777, 0666);
}

/* A setgid directory would give its group to everything. */
static void nothing_is_inherited_from_the_root(void **state)
{
	AUTO(tarball) t = { 0 };

	(void)state;
	assert_int_equal(mkdir("root", 0755), 0);
	assert_int_equal(chmod("root", 02777), 0);
	if (geteuid() == 0)
		assert_int_equal(chown("root", 0, 4242), 0);
	add(&t, "./", '5', 0700, 1, NULL);
	add(&t, "d/", '5', 0755, 1, NULL);
	add(&t, "d/f", '0', 0644, 1, "");
	unpack_well(&t);
	assert_int_equal(stat_of("root").st_mode, S_IFDIR | 0700);
	assert_int_equal(stat_of("root").st_gid, getegid());
	assert_int_equal(stat_of("root/d").st_mode, S_IFDIR | 0755);
	assert_int_equal(stat_of("root/d").st_gid, getegid());
	assert_int_equal(stat_of("root/d/f").st_gid, getegid());
}

static void owners_are_numbers(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	tree_needs_root();
	tarball_add(&t, &(struct tarball_entry){ .name = "f",
						 .mode = 06755,
						 .uid = 0xfffffffe,
						 .gid = 0x80000001 });
	tarball_pax_string(&t, "uname", "root");
	tarball_pax_string(&t, "gname", "root");
	tarball_add(&t, &(struct tarball_entry){ .name = "d/",
						 .type = '5',
						 .mode = 02755,
						 .uid = 12345,
						 .gid = 54321 });
	tarball_add(&t, &(struct tarball_entry){ .name = "s",
						 .type = '2',
						 .link = "f",
						 .uid = 7,
						 .gid = 8 });
	tarball_add(&t, &(struct tarball_entry){ .name = "p",
						 .type = '6',
						 .mode = 04600,
						 .uid = 7,
						 .gid = 8 });
	unpack_well(&t);
	st = stat_of("root/f");
	assert_int_equal(st.st_uid, 0xfffffffe);
	assert_int_equal(st.st_gid, 0x80000001);
	assert_int_equal(st.st_mode, S_IFREG | 06755);
	st = stat_of("root/d");
	assert_int_equal(st.st_uid, 12345);
	assert_int_equal(st.st_gid, 54321);
	assert_int_equal(st.st_mode, S_IFDIR | 02755);
	assert_int_equal(stat_of("root/s").st_uid, 7);
	st = stat_of("root/p");
	assert_int_equal(st.st_gid, 8);
	assert_int_equal(st.st_mode, S_IFIFO | 04600);
}

static void whiteouts_are_devices(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	tree_needs_root();
	add(&t, "d/.wh.gone $(x)\n", '0', 0, 0, "");
	add(&t, "o/.wh..wh..opq", '0', 0, 0, "");
	add(&t, "o/f", '0', 0, 0, "");
	add(&t, ".wh.x", '0', 0, 0, "");
	add(&t, "x/y", '0', 0, 0, "");
	tarball_add(&t, &(struct tarball_entry){ .name = "tty",
						 .type = '3',
						 .mode = 0620,
						 .major = 4,
						 .minor = 300 });
	unpack_well(&t);
	st = stat_of("root/d/gone $(x)\n");
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(st.st_rdev, 0);
	assert_false(tree_has("root/d/.wh.gone $(x)\n"));
	assert_xattr("root/o", "trusted.overlay.opaque", "y", 1);
	assert_false(tree_has("root/o/.wh..wh..opq"));
	assert_xattr("root/x", "trusted.overlay.opaque", "y", 1);
	assert_true(tree_has("root/x/y"));
	assert_int_equal(lgetxattr("root/d", "trusted.overlay.opaque", NULL, 0),
			 -1);
	st = stat_of("root/tty");
	assert_int_equal(st.st_mode, S_IFCHR | 0620);
	assert_int_equal(st.st_rdev, makedev(4, 300));
}

static void an_opaque_root_is_reported(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { 0 };

	(void)state;
	tree_needs_root();
	add(&t, ".wh..wh..opq", '0', 0, 0, "");
	assert_int_equal(unpack(&run, &t), 0);
	assert_true(run.stats.opaque_root);
	assert_int_equal(run.stats.entries, 1);
	assert_xattr("root", "trusted.overlay.opaque", "y", 1);
}

static void unknown_directories_are_plain(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	tree_needs_root();
	add(&t, "a/b/f", '0', 0, 0, "");
	unpack_well(&t);
	st = stat_of("root/a/b");
	assert_int_equal(st.st_mode, S_IFDIR | 0755);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_mtime, 0);
	st = stat_of("root");
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
	struct run run = { .options = { .open_lower = open_below },
			   .lower_code = -1 };
	struct stat st;

	(void)state;
	make_below();
	add(&t, "a/f", '0', 0, 0, "");
	add(&t, "a/g", '0', 0, 0, "");
	assert_int_equal(unpack(&run, &t), 0);
	assert_int_equal(run.lower_calls, 1);
	st = stat_of("root/a");
	assert_int_equal(st.st_mode, S_IFDIR | 01777);
	assert_int_equal(st.st_uid, geteuid());
	assert_int_equal(st.st_mtime, 123456);
	assert_xattr("root/a", "user.x", "value", 5);
	st = stat_of("root");
	assert_int_equal(st.st_mode, S_IFDIR | 0711);
	assert_int_equal(st.st_mtime, 654321);
}

/* And neither are what is a symlink or a file there. */
static void a_symlink_below_is_no_directory(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { .options = { .open_lower = open_below },
			   .lower_code = -1 };

	(void)state;
	tree_needs_root();
	make_below();
	tree_xattr("below/a", "trusted.overlay.impure", "y");
	add(&t, "link/f", '0', 0, 0, "");
	add(&t, "link/sub/f", '0', 0, 0, "");
	add(&t, "file/f", '0', 0, 0, "");
	add(&t, "a/b/f", '0', 0, 0, "");
	assert_int_equal(unpack(&run, &t), 0);
	assert_int_equal(run.lower_calls, 1);
	assert_int_equal(stat_of("root/link").st_mode, S_IFDIR | 0755);
	assert_int_equal(stat_of("root/link").st_mtime, 0);
	assert_int_equal(stat_of("root/link/sub").st_mode, S_IFDIR | 0755);
	assert_int_equal(stat_of("root/file").st_mode, S_IFDIR | 0755);
	assert_int_equal(stat_of("root/a/b").st_mtime, 0);
	assert_int_equal(stat_of("root/a").st_mtime, 123456);
	assert_int_equal(lgetxattr("root/a", "trusted.overlay.impure", NULL, 0),
			 -1);
}

static void what_is_below_is_opened_only_if_needed(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { .options = { .open_lower = open_below },
			   .lower_code = EIO };

	(void)state;
	add(&t, "./", '5', 0755, 0, NULL);
	add(&t, "d/", '5', 0755, 0, NULL);
	add(&t, "d/f", '0', 0644, 0, "");
	assert_int_equal(unpack(&run, &t), 0);
	assert_int_equal(run.lower_calls, 0);
}

static void a_failure_to_open_what_is_below_is_one(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { .options = { .open_lower = open_below },
			   .lower_code = EIO };

	(void)state;
	add(&t, "d/f", '0', 0644, 0, "");
	assert_int_equal(unpack(&run, &t), -1);
	assert_int_equal(run.err.code, EIO);
	assert_string_equal(run.err.msg, "directory 'd': open the layers below:"
					 " mount the overlay");
}

static void there_may_be_nothing_below(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { .options = { .open_lower = open_below },
			   .lower_code = 0 };

	(void)state;
	tree_needs_root();
	add(&t, "a/b/f", '0', 0644, 0, "");
	assert_int_equal(unpack(&run, &t), 0);
	assert_int_equal(run.lower_calls, 1);
	assert_int_equal(stat_of("root/a").st_mode, S_IFDIR | 0755);
}

static void xattrs_are_kept(void **state)
{
	static const char binary[] = "a\0b\n=\xff";
	static char big[3000] = "big";
	AUTO(tarball) t = { 0 };

	(void)state;
	add(&t, "./", '5', 0755, 0, NULL);
	tarball_pax(&t, "SCHILY.xattr.user.b", binary, sizeof(binary) - 1);
	tarball_pax(&t, "SCHILY.xattr.user.empty", "", 0);
	tarball_pax_string(&t, "LIBARCHIVE.xattr.user.%61", "dmFsdWU=");
	tarball_pax_string(&t, "SCHILY.xattr.user.a", "value");
	tarball_pax_string(&t, "SCHILY.xattr.security.selinux", "label");
	tarball_pax_string(&t, "SCHILY.xattr.system.nfs4_acl", "acl");
	add(&t, "f", '0', 0644, 0, "text");
	tarball_pax(&t, "SCHILY.xattr.user.big", big, sizeof(big));
	add(&t, "d/", '5', 0755, 0, NULL);
	unpack_well(&t);
	assert_xattr("root/f", "user.a", "value", 5);
	assert_xattr("root/f", "user.b", binary, sizeof(binary) - 1);
	assert_xattr("root/f", "user.empty", "", 0);
	assert_xattr("root/d", "user.big", big, sizeof(big));
	assert_int_equal(lgetxattr("root/f", "security.selinux", NULL, 0), -1);
}

static void privileged_xattrs_are_kept(void **state)
{
	/* cap_net_raw=ep, as in ping of many images */
	static const char capability[] = "\1\0\0\2\0\40\0\0\0\0\0\0\0\0\0\0\0\0"
					 "\0";
	AUTO(tarball) t = { 0 };

	(void)state;
	tree_needs_root();
	tarball_pax(&t, "SCHILY.xattr.security.capability", capability,
		    sizeof(capability));
	tarball_add(&t, &(struct tarball_entry){ .name = "ping",
						 .mode = 0755,
						 .uid = 7,
						 .data = "text" });
	tarball_pax_string(&t, "SCHILY.xattr.trusted.x", "value");
	tarball_symlink(&t, "s", "nowhere");
	tarball_pax_string(&t, "SCHILY.xattr.trusted.x", "value");
	tarball_add(&t, &(struct tarball_entry){
				.name = "n", .type = '4', .minor = 1 });
	unpack_well(&t);
	assert_xattr("root/ping", "security.capability", capability,
		     sizeof(capability));
	assert_xattr("root/s", "trusted.x", "value", 5);
	assert_xattr("root/n", "trusted.x", "value", 5);
}

static void xattrs_that_have_no_place_are_dropped(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { 0 };

	(void)state;
	add(&t, "./", '5', 0755, 0, NULL);
	tarball_pax_string(&t, "SCHILY.xattr.trusted.overlay.redirect", "/etc");
	add(&t, "d/", '5', 0755, 0, NULL);
	tarball_pax_string(&t, "SCHILY.xattr.com.apple.provenance", "x");
	add(&t, "f", '0', 0644, 0, "");
	tarball_pax_string(&t, "SCHILY.xattr.user.x", "x");
	add(&t, "s", '2', 0777, 0, "f");
	assert_int_equal(unpack(&run, &t), 0);
	assert_int_equal(run.stats.warnings, 3);
	assert_string_equal(
		run.warnings,
		"entry 'd': xattr 'trusted.overlay.redirect' dropped: it would "
		"speak to overlayfs; entry 'f': xattr 'com.apple.provenance' "
		"dropped: Linux has no place for it; entry 's': xattr 'user.x' "
		"dropped: only files and directories have user xattrs");
	assert_int_equal(llistxattr("root/f", NULL, 0), 0);
}

static void xattrs_beyond_the_limits_are_refused(void **state)
{
	static char value[65537], name[300] = "SCHILY.xattr.user.";
	AUTO(tarball) big = { 0 };
	AUTO(tarball) longer = { 0 };
	AUTO(tarball) many = { 0 };
	AUTO(tarball) two = { 0 };
	struct run run = { 0 };

	(void)state;
	tarball_pax(&big, "SCHILY.xattr.user.x", value, sizeof(value));
	add(&big, "f", '0', 0644, 0, "");
	assert_int_equal(unpack(&run, &big), -1);
	assert_int_equal(run.err.code, E2BIG);
	assert_string_equal(run.err.msg, "entry 'f': xattr 'user.x' of 65537 "
					 "bytes, more than 65536");

	memset(name + 18, 'n', 251);
	tarball_pax_string(&longer, name, "");
	add(&longer, "f", '0', 0644, 0, "");
	assert_int_equal(unpack(&run, &longer), -1);
	assert_string_equal(run.err.msg, "entry 'f': xattr with a name of 256 "
					 "bytes, more than 255");

	for (int i = 0; i < 10000; i++) {
		(void)snprintf(name, sizeof(name), "SCHILY.xattr.user.%05d", i);
		tarball_pax_string(&many, name, "");
	}
	add(&many, "f", '0', 0644, 0, "");
	assert_int_equal(unpack(&run, &many), -1);
	assert_int_equal(run.err.code, E2BIG);
	assert_string_equal(run.err.msg,
			    "entry 'f': names of its xattrs take 110000 bytes, "
			    "more than 65536");

	tarball_pax_string(&two, "SCHILY.xattr.user.x", "1");
	tarball_pax_string(&two, "SCHILY.xattr.user.x", "2");
	add(&two, "f", '0', 0644, 0, "");
	assert_int_equal(unpack(&run, &two), -1);
	assert_int_equal(run.err.code, EINVAL);
	assert_string_equal(run.err.msg,
			    "entry 'f': two values for xattr 'user.x'");
}

/* linux/posix_acl_xattr.h: version, then tag, permissions and id of each. */
static const uint8_t acl[] = {
	2,    0, 0, 0,			       /* version */
	0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* user::rw- */
	0x02, 0, 7, 0, 0xe8, 0x03, 0,	 0,    /* user:1000:rwx */
	0x02, 0, 4, 0, 0xd0, 0x07, 0,	 0,    /* user:2000:r-- */
	0x04, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, /* group::r-- */
	0x08, 0, 5, 0, 0x0a, 0,	   0,	 0,    /* group:10:r-x */
	0x10, 0, 7, 0, 0xff, 0xff, 0xff, 0xff, /* mask::rwx */
	0x20, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, /* other::r-- */
};

static const char acl_text[] =
	"user::rw-,user:zoe:r--:2000,user:1000:rwx,group::r--,"
	"group:wheel:r-x:10,mask::rwx,other::r--";

static void needs_acls(void)
{
	tree_file("probe", "");
	if (lsetxattr("probe", "system.posix_acl_access", acl, sizeof(acl), 0) <
	    0)
		skip();
	assert_int_equal(unlink("probe"), 0);
}

static void acls_are_kept_in_either_form(void **state)
{
	AUTO(tarball) t = { 0 };

	(void)state;
	needs_acls();
	add(&t, "./", '5', 0755, 0, NULL);
	tarball_pax_string(&t, "SCHILY.acl.access", acl_text);
	add(&t, "text", '0', 0674, 0, "");
	tarball_pax(&t, "SCHILY.xattr.system.posix_acl_access", acl,
		    sizeof(acl));
	add(&t, "binary", '0', 0674, 0, "");
	tarball_pax_string(&t, "SCHILY.acl.access",
			   "user::---,user:1:r--,group::---,mask::---,"
			   "other::---");
	tarball_pax(&t, "SCHILY.xattr.system.posix_acl_access", acl,
		    sizeof(acl));
	add(&t, "both", '0', 0674, 0, "");
	tarball_pax_string(&t, "SCHILY.acl.default", acl_text);
	add(&t, "d/", '5', 0750, 0, NULL);
	add(&t, "d/plain", '0', 0640, 0, "");
	tarball_pax_string(&t, "SCHILY.acl.access",
			   "user::rw-,group::r--,other::---");
	add(&t, "trivial", '0', 0640, 0, "");
	unpack_well(&t);
	assert_xattr("root/text", "system.posix_acl_access", acl, sizeof(acl));
	assert_int_equal(stat_of("root/text").st_mode, S_IFREG | 0674);
	assert_xattr("root/binary", "system.posix_acl_access", acl,
		     sizeof(acl));
	assert_int_equal(stat_of("root/binary").st_mode, S_IFREG | 0674);
	assert_xattr("root/both", "system.posix_acl_access", acl, sizeof(acl));
	assert_xattr("root/d", "system.posix_acl_default", acl, sizeof(acl));
	assert_int_equal(stat_of("root/d").st_mode, S_IFDIR | 0750);
	assert_int_equal(llistxattr("root/d/plain", NULL, 0), 0);
	assert_int_equal(llistxattr("root/trivial", NULL, 0), 0);
	assert_int_equal(stat_of("root/trivial").st_mode, S_IFREG | 0640);
}

static void an_acl_by_name_is_refused(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { 0 };

	(void)state;
	tarball_pax_string(&t, "SCHILY.acl.access",
			   "user::rw-,user:zoe:r--,group::r--,mask::r--,"
			   "other::r--");
	add(&t, "f", '0', 0644, 0, "");
	assert_int_equal(unpack(&run, &t), -1);
	assert_int_equal(run.err.code, EINVAL);
	assert_string_equal(run.err.msg,
			    "entry 'f': ACL names 'zoe' without a number");
}

/* GNU tar's format 1.0: the map is in front of the data. */
static void holes_stay_holes(void **state)
{
	static char data[3 * 512] = "2\n512\n512\n1048576\n512\n";
	AUTO(tarball) t = { 0 };
	char at[4];
	struct stat st;
	autoclose int fd = -1;

	(void)state;
	memcpy(data + 512, "one", 3);
	memcpy(data + 1024, "two", 3);
	add(&t, "./", '5', 0755, 0, NULL);
	tarball_pax_string(&t, "GNU.sparse.major", "1");
	tarball_pax_string(&t, "GNU.sparse.minor", "0");
	tarball_pax_string(&t, "GNU.sparse.name", "sparse");
	tarball_pax_string(&t, "GNU.sparse.realsize", "104857600");
	tarball_add(&t, &(struct tarball_entry){ .name = "GNUSparse.0/sparse",
						 .uid = geteuid(),
						 .gid = getegid(),
						 .data = data,
						 .size = sizeof(data) });
	add(&t, "after", '0', 0644, 0, "text");
	unpack_well(&t);
	st = stat_of("root/sparse");
	assert_int_equal(st.st_size, 104857600);
	assert_true(st.st_blocks < 100);
	fd = open("root/sparse", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, at, 3, 0), 3);
	assert_memory_equal(at, "\0\0\0", 3);
	assert_int_equal(pread(fd, at, 3, 512), 3);
	assert_memory_equal(at, "one", 3);
	assert_int_equal(pread(fd, at, 3, 1048576), 3);
	assert_memory_equal(at, "two", 3);
	assert_content("root/after", "text");
}

static void data_beyond_the_size_is_refused(void **state)
{
	static const struct {
		const char *map, *error;
	} cases[] = {
		{ "1152921504606846976,4",
		  "entry 'f': read its data: data at 1152921504606846976, "
		  "beyond its size of 10 bytes" },
		{ "8,4",
		  "entry 'f': read its data: data at 8, beyond its size of 10 "
		  "bytes" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		struct run run = { 0 };

		tarball_pax_string(&t, "GNU.sparse.size", "10");
		tarball_pax_string(&t, "GNU.sparse.map", cases[i].map);
		add(&t, "f", '0', 0644, 0, "text");
		assert_int_equal(unpack(&run, &t), -1);
		assert_int_equal(run.err.code, EBADMSG);
		assert_string_equal(run.err.msg, cases[i].error);
		assert_int_equal(tree_remove("root"), 0);
	}
}

static void what_the_kernel_says_is_passed_on(void **state)
{
	static char big[8192] = "big";
	struct rlimit before, small = { 0 };
	struct layer_source source = { 0 };
	AUTO(tarball) t = { 0 };
	struct run run = { 0 };
	autoclose int fd = -1;
	autoclose int root = -1;

	(void)state;
	tarball_add(&t, &(struct tarball_entry){
				.name = "f", .data = big, .size = 8192 });
	fd = source.fd = tarball_open(&t);
	source.size = t.size;
	tree_dir("root");
	root = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 4096;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(layer_unpack(&source, root, &run.options, &run.stats,
				      &run.err),
			 -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(run.err.code, EFBIG);
	assert_string_equal(run.err.msg, "entry 'f': write: File too large");
}

static void owners_take_privileges(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { 0 };
	uid_t uid = geteuid();
	int status;

	(void)state;
	assert_int_equal(mkdir("root", 0755), 0);
	if (uid == 0) {
		assert_int_equal(chmod(".", 0711), 0);
		assert_int_equal(chown("root", 65534, (gid_t)-1), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	tarball_add(&t, &(struct tarball_entry){ .name = "f", .uid = 1 });
	status = unpack(&run, &t);
	assert_int_equal(seteuid(uid), 0);
	assert_int_equal(status, -1);
	assert_int_equal(run.err.code, EPERM);
	assert_string_equal(run.err.msg, "entry 'f': set owner 1:0: Operation "
					 "not permitted");
}

/*
 * Layers that try to get out: "outside" beside the root must stay as it is,
 * whether the layer is refused or not.
 */
static const char *const escapes[][6] = {
	{ "../outside/x=" },
	{ "a/../../outside/x=" },
	{ "s>../outside", "s/x=" },
	{ "s>..", "s/outside/x=" },
	{ "s>/", "s/outside/x=" },
	{ "d/", "d/up>..", "d/up/out>../outside", "d/up/out/x=", "out/y=" },
	{ "a>b", "b>../outside", "a/x=" },
	{ "s>../outside/f", "s=changed" },
	{ "s>../outside/f", "l&s", "l=changed" },
	{ "l&../outside/f", "l=changed" },
	{ "s>../outside", "l&s/f" },
	{ "s>../outside", "s/f=changed" },
	{ "d/", "d>../outside", "d/" },
	{ "d/", "d/f=x", "d>../outside", "d/f=changed" },
	{ "s>../outside", "s/.wh.f=" },
	{ "s>../outside", "s/.wh..wh..opq=" },
	{ ".wh.../outside/f=" },
	{ "s>../outside", ".wh.s/f=" },
	{ ".>../outside", "x=" },
	{ "s>../outside", "l&s", "l/" },
	{ "s>../outside", "s/", "s/f=changed" },
};

static void add_short(struct tarball *t, const char *entry)
{
	size_t size = strcspn(entry, "=>&");
	char name[64] = "";

	memcpy(name, entry, size);
	if (entry[size] == '=')
		add(t, name, '0', 0600, 9, entry + size + 1);
	else if (entry[size] == '>')
		add(t, name, '2', 0777, 9, entry + size + 1);
	else if (entry[size] == '&')
		add(t, name, '1', 0600, 9, entry + size + 1);
	else
		add(t, name, '5', 0700, 9, NULL);
}

static void nothing_outside_is_touched(void **state)
{
	(void)state;
	tree_dir("outside");
	tree_file("outside/f", "original");
	for (size_t i = 0; i < COUNT_OF(escapes); i++) {
		AUTO(tarball) t = { 0 };
		struct run run = { 0 };
		struct stat before, after;

		tree_time("outside/f", 1000);
		tree_time("outside", 1000);
		before = stat_of("outside/f");
		add(&t, "./", '5', 0755, 0, NULL);
		for (size_t j = 0; j < 6 && escapes[i][j]; j++) {
			print_message("%s ", escapes[i][j]);
			add_short(&t, escapes[i][j]);
		}
		(void)unpack(&run, &t);
		print_message(": %s\n", run.err.msg);
		assert_int_equal(chmod("root", 0700), 0);
		assert_int_equal(tree_remove("root"), 0);

		after = stat_of("outside/f");
		assert_int_equal(after.st_ctim.tv_nsec, before.st_ctim.tv_nsec);
		assert_int_equal(after.st_nlink, 1);
		assert_content("outside/f", "original");
		assert_int_equal(stat_of("outside").st_mtime, 1000);
		assert_int_equal(stat_of("outside").st_mode, S_IFDIR | 0755);
	}
}

/* Should the rules ever be wrong, there is still the kernel. */
static void symlinks_that_are_there_are_not_followed(void **state)
{
	static const char *const layers[][2] = {
		{ "trap/", "trap/x=" },
		{ "trap/x=" },
		{ "trap=x" },
	};

	(void)state;
	tree_dir("outside");
	tree_dir("root");
	assert_int_equal(symlink("../outside", "root/trap"), 0);
	for (size_t i = 0; i < COUNT_OF(layers); i++) {
		AUTO(tarball) t = { 0 };
		struct run run = { 0 };

		for (size_t j = 0; j < 2 && layers[i][j]; j++)
			add_short(&t, layers[i][j]);
		assert_int_equal(unpack(&run, &t), -1);
		assert_int_equal(run.err.code, EEXIST);
		assert_false(tree_has("outside/x"));
	}
}

static void duplicates_leave_the_later(void **state)
{
	AUTO(tarball) t = { 0 };
	struct run run = { 0 };

	(void)state;
	add(&t, "./", '5', 0755, 0, NULL);
	add(&t, "a/", '5', 0755, 0, NULL);
	add(&t, "a/b/", '5', 0755, 0, NULL);
	add(&t, "a/b/c", '0', 0644, 0, "old");
	add(&t, "l", '1', 0, 0, "a/b/c");
	add(&t, "a", '2', 0777, 0, "elsewhere");
	add(&t, "a", '5', 0711, 5, NULL);
	add(&t, "a/b", '0', 0644, 0, "new");
	assert_int_equal(unpack(&run, &t), 0);
	assert_int_equal(run.stats.warnings, 2);
	assert_int_equal(stat_of("root/a").st_mode, S_IFDIR | 0711);
	assert_int_equal(stat_of("root/a").st_mtime, 5);
	assert_content("root/a/b", "new");
	assert_content("root/l", "old");
}

static void depth_is_no_matter(void **state)
{
	AUTO(tarball) t = { 0 };
	char path[4096] = "";

	(void)state;
	add(&t, "./", '5', 0755, 0, NULL);
	for (size_t i = 0; i < 1000; i++) {
		memcpy(path + 2 * i, "d/", 3);
		add(&t, path, '5', 0755, 7, NULL);
	}
	strcat(path, "f");
	add(&t, path, '0', 0644, 0, "");
	unpack_well(&t);
	assert_int_equal(stat_of("root/d/d/d").st_mtime, 7);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_type_has_its_attributes),
		TEST(directories_are_settled_last),
		TEST(times_are_exact),
		TEST(the_umask_has_no_say),
		TEST(nothing_is_inherited_from_the_root),
		TEST(owners_are_numbers),
		TEST(whiteouts_are_devices),
		TEST(an_opaque_root_is_reported),
		TEST(unknown_directories_are_plain),
		TEST(unknown_directories_are_as_below),
		TEST(a_symlink_below_is_no_directory),
		TEST(what_is_below_is_opened_only_if_needed),
		TEST(a_failure_to_open_what_is_below_is_one),
		TEST(there_may_be_nothing_below),
		TEST(xattrs_are_kept),
		TEST(privileged_xattrs_are_kept),
		TEST(xattrs_that_have_no_place_are_dropped),
		TEST(xattrs_beyond_the_limits_are_refused),
		TEST(acls_are_kept_in_either_form),
		TEST(an_acl_by_name_is_refused),
		TEST(holes_stay_holes),
		TEST(data_beyond_the_size_is_refused),
		TEST(what_the_kernel_says_is_passed_on),
		TEST(owners_take_privileges),
		TEST(nothing_outside_is_touched),
		TEST(symlinks_that_are_there_are_not_followed),
		TEST(duplicates_leave_the_later),
		TEST(depth_is_no_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
