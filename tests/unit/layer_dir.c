/* SPDX-License-Identifier: MIT */
/* layer_dir.c - layers unpacked into a directory */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/unit/tarball.h"
#include "tests/unit/tree.h"
#include "tests/unit/unpack.h"

static void every_type_has_its_attributes(void **state)
{
	AUTO(tarball) t = { 0 };
	char target[16] = "";
	struct stat st;

	(void)state;
	unpack_add(&t, "./", '5', 0750, 1, NULL);
	unpack_add(&t, "./d/", '5', 03775, 2, NULL);
	unpack_add(&t, "./d/f", '0', 0640, 3, "text");
	unpack_add(&t, "./d/s", '2', 0777, 4, "../f");
	unpack_add(&t, "./d/p", '6', 0602, 5, NULL);
	unpack_add(&t, "./d/suid", '0', 06755, 6, "");
	unpack_add(&t, "./l", '1', 0, 0, "d/f");
	tarball_end(&t);
	unpack_well(&t);

	st = unpacked_stat("root");
	assert_int_equal(st.st_mode, S_IFDIR | 0750);
	assert_int_equal(st.st_mtime, 1);
	st = unpacked_stat("root/d");
	assert_int_equal(st.st_mode, S_IFDIR | 03775);
	assert_int_equal(st.st_mtime, 2);
	st = unpacked_stat("root/d/f");
	assert_int_equal(st.st_mode, S_IFREG | 0640);
	assert_int_equal(st.st_mtime, 3);
	assert_int_equal(st.st_nlink, 2);
	unpacked_content("root/d/f", "text");
	assert_int_equal(unpacked_stat("root/l").st_ino, st.st_ino);
	st = unpacked_stat("root/d/s");
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(st.st_mtime, 4);
	assert_int_equal(readlink("root/d/s", target, sizeof(target)), 4);
	assert_string_equal(target, "../f");
	st = unpacked_stat("root/d/p");
	assert_int_equal(st.st_mode, S_IFIFO | 0602);
	assert_int_equal(st.st_mtime, 5);
	assert_int_equal(unpacked_stat("root/d/suid").st_mode, S_IFREG | 06755);
}

static void directories_are_settled_last(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	unpack_add(&t, "./", '5', 0755, 1, NULL);
	unpack_add(&t, "d/", '5', 0, 10, NULL);
	unpack_add(&t, "d/", '5', 0555, 20, NULL);
	unpack_add(&t, "d/e/", '5', 0100, 30, NULL);
	unpack_add(&t, "d/e/f", '0', 0400, 40, "x");
	unpack_add(&t, "g", '0', 0644, 50, "x");
	unpack_add(&t, "d/e/h", '1', 0, 0, "g");
	assert_int_equal(unpack_tarball(&(struct unpacking){ 0 }, &t), 0);

	st = unpacked_stat("root/d");
	assert_int_equal(st.st_mode, S_IFDIR | 0555);
	assert_int_equal(st.st_mtime, 20);
	st = unpacked_stat("root/d/e");
	assert_int_equal(st.st_mode, S_IFDIR | 0100);
	assert_int_equal(st.st_mtime, 30);
	assert_int_equal(unpacked_stat("root/d/e/f").st_mtime, 40);
	assert_int_equal(unpacked_stat("root/d/e/h").st_nlink, 2);
	assert_int_equal(chmod("root/d", 0700), 0);
	assert_int_equal(chmod("root/d/e", 0700), 0);
}

static void the_umask_has_no_say(void **state)
{
	AUTO(tarball) t = { 0 };
	mode_t before = umask(077);

	(void)state;
	unpack_add(&t, "./", '5', 0777, 1, NULL);
	unpack_add(&t, "d/", '5', 0777, 1, NULL);
	unpack_add(&t, "f", '0', 0666, 1, "");
	unpack_add(&t, "p", '6', 0666, 1, NULL);
	unpack_well(&t);
	assert_int_equal(umask(before), 077);
	assert_int_equal(unpacked_stat("root").st_mode & 07777, 0777);
	assert_int_equal(unpacked_stat("root/d").st_mode & 07777, 0777);
	assert_int_equal(unpacked_stat("root/f").st_mode & 07777, 0666);
	assert_int_equal(unpacked_stat("root/p").st_mode & 07777, 0666);
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
	unpack_add(&t, "./", '5', 0700, 1, NULL);
	unpack_add(&t, "d/", '5', 0755, 1, NULL);
	unpack_add(&t, "d/f", '0', 0644, 1, "");
	unpack_well(&t);
	assert_int_equal(unpacked_stat("root").st_mode, S_IFDIR | 0700);
	assert_int_equal(unpacked_stat("root").st_gid, getegid());
	assert_int_equal(unpacked_stat("root/d").st_mode, S_IFDIR | 0755);
	assert_int_equal(unpacked_stat("root/d").st_gid, getegid());
	assert_int_equal(unpacked_stat("root/d/f").st_gid, getegid());
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
	st = unpacked_stat("root/f");
	assert_int_equal(st.st_uid, 0xfffffffe);
	assert_int_equal(st.st_gid, 0x80000001);
	assert_int_equal(st.st_mode, S_IFREG | 06755);
	st = unpacked_stat("root/d");
	assert_int_equal(st.st_uid, 12345);
	assert_int_equal(st.st_gid, 54321);
	assert_int_equal(st.st_mode, S_IFDIR | 02755);
	assert_int_equal(unpacked_stat("root/s").st_uid, 7);
	st = unpacked_stat("root/p");
	assert_int_equal(st.st_gid, 8);
	assert_int_equal(st.st_mode, S_IFIFO | 04600);
}

static void whiteouts_are_devices(void **state)
{
	AUTO(tarball) t = { 0 };
	struct stat st;

	(void)state;
	tree_needs_root();
	unpack_add(&t, "d/.wh.gone $(x)\n", '0', 0, 0, "");
	unpack_add(&t, "o/.wh..wh..opq", '0', 0, 0, "");
	unpack_add(&t, "o/f", '0', 0, 0, "");
	unpack_add(&t, ".wh.x", '0', 0, 0, "");
	unpack_add(&t, "x/y", '0', 0, 0, "");
	tarball_add(&t, &(struct tarball_entry){ .name = "tty",
						 .type = '3',
						 .mode = 0620,
						 .major = 4,
						 .minor = 300 });
	unpack_well(&t);
	st = unpacked_stat("root/d/gone $(x)\n");
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(st.st_rdev, 0);
	assert_false(tree_has("root/d/.wh.gone $(x)\n"));
	unpacked_xattr("root/o", "trusted.overlay.opaque", "y", 1);
	assert_false(tree_has("root/o/.wh..wh..opq"));
	unpacked_xattr("root/x", "trusted.overlay.opaque", "y", 1);
	assert_true(tree_has("root/x/y"));
	assert_int_equal(lgetxattr("root/d", "trusted.overlay.opaque", NULL, 0),
			 -1);
	st = unpacked_stat("root/tty");
	assert_int_equal(st.st_mode, S_IFCHR | 0620);
	assert_int_equal(st.st_rdev, makedev(4, 300));
}

static void an_opaque_root_is_reported(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { 0 };

	(void)state;
	tree_needs_root();
	unpack_add(&t, ".wh..wh..opq", '0', 0, 0, "");
	assert_int_equal(unpack_tarball(&run, &t), 0);
	assert_true(run.stats.opaque_root);
	assert_int_equal(run.stats.entries, 1);
	unpacked_xattr("root", "trusted.overlay.opaque", "y", 1);
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
	unpack_add(&t, "./", '5', 0755, 0, NULL);
	tarball_pax_string(&t, "GNU.sparse.major", "1");
	tarball_pax_string(&t, "GNU.sparse.minor", "0");
	tarball_pax_string(&t, "GNU.sparse.name", "sparse");
	tarball_pax_string(&t, "GNU.sparse.realsize", "104857600");
	tarball_add(&t, &(struct tarball_entry){ .name = "GNUSparse.0/sparse",
						 .uid = geteuid(),
						 .gid = getegid(),
						 .data = data,
						 .size = sizeof(data) });
	unpack_add(&t, "after", '0', 0644, 0, "text");
	unpack_well(&t);
	st = unpacked_stat("root/sparse");
	assert_int_equal(st.st_size, 104857600);
	assert_true(st.st_blocks < 100);
	fd = open("root/sparse", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, at, 3, 0), 3);
	assert_memory_equal(at, "\0\0\0", 3);
	assert_int_equal(pread(fd, at, 3, 512), 3);
	assert_memory_equal(at, "one", 3);
	assert_int_equal(pread(fd, at, 3, 1048576), 3);
	assert_memory_equal(at, "two", 3);
	unpacked_content("root/after", "text");
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
		struct unpacking run = { 0 };

		tarball_pax_string(&t, "GNU.sparse.size", "10");
		tarball_pax_string(&t, "GNU.sparse.map", cases[i].map);
		unpack_add(&t, "f", '0', 0644, 0, "text");
		assert_int_equal(unpack_tarball(&run, &t), -1);
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
	struct unpacking run = { 0 };
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
	struct unpacking run = { 0 };
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
	status = unpack_tarball(&run, &t);
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

static void nothing_outside_is_touched(void **state)
{
	(void)state;
	tree_dir("outside");
	tree_file("outside/f", "original");
	for (size_t i = 0; i < COUNT_OF(escapes); i++) {
		AUTO(tarball) t = { 0 };
		struct unpacking run = { 0 };
		struct stat before, after;

		tree_time("outside/f", 1000);
		tree_time("outside", 1000);
		before = unpacked_stat("outside/f");
		unpack_add(&t, "./", '5', 0755, 0, NULL);
		for (size_t j = 0; j < 6 && escapes[i][j]; j++) {
			print_message("%s ", escapes[i][j]);
			tarball_short(&t, escapes[i][j]);
		}
		(void)unpack_tarball(&run, &t);
		print_message(": %s\n", run.err.msg);
		assert_int_equal(chmod("root", 0700), 0);
		assert_int_equal(tree_remove("root"), 0);

		after = unpacked_stat("outside/f");
		assert_int_equal(after.st_ctim.tv_nsec, before.st_ctim.tv_nsec);
		assert_int_equal(after.st_nlink, 1);
		unpacked_content("outside/f", "original");
		assert_int_equal(unpacked_stat("outside").st_mtime, 1000);
		assert_int_equal(unpacked_stat("outside").st_mode,
				 S_IFDIR | 0755);
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
		struct unpacking run = { 0 };

		for (size_t j = 0; j < 2 && layers[i][j]; j++)
			tarball_short(&t, layers[i][j]);
		assert_int_equal(unpack_tarball(&run, &t), -1);
		assert_int_equal(run.err.code, EEXIST);
		assert_false(tree_has("outside/x"));
	}
}

static void duplicates_leave_the_later(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { 0 };

	(void)state;
	unpack_add(&t, "./", '5', 0755, 0, NULL);
	unpack_add(&t, "a/", '5', 0755, 0, NULL);
	unpack_add(&t, "a/b/", '5', 0755, 0, NULL);
	unpack_add(&t, "a/b/c", '0', 0644, 0, "old");
	unpack_add(&t, "l", '1', 0, 0, "a/b/c");
	unpack_add(&t, "a", '2', 0777, 0, "elsewhere");
	unpack_add(&t, "a", '5', 0711, 5, NULL);
	unpack_add(&t, "a/b", '0', 0644, 0, "new");
	assert_int_equal(unpack_tarball(&run, &t), 0);
	assert_int_equal(run.stats.warnings, 2);
	assert_int_equal(unpacked_stat("root/a").st_mode, S_IFDIR | 0711);
	assert_int_equal(unpacked_stat("root/a").st_mtime, 5);
	unpacked_content("root/a/b", "new");
	unpacked_content("root/l", "old");
}

static void depth_is_no_matter(void **state)
{
	AUTO(tarball) t = { 0 };
	char path[4096] = "";

	(void)state;
	unpack_add(&t, "./", '5', 0755, 0, NULL);
	for (size_t i = 0; i < 1000; i++) {
		memcpy(path + 2 * i, "d/", 3);
		unpack_add(&t, path, '5', 0755, 7, NULL);
	}
	strcat(path, "f");
	unpack_add(&t, path, '0', 0644, 0, "");
	unpack_well(&t);
	assert_int_equal(unpacked_stat("root/d/d/d").st_mtime, 7);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_type_has_its_attributes),
		TEST(directories_are_settled_last),
		TEST(the_umask_has_no_say),
		TEST(nothing_is_inherited_from_the_root),
		TEST(owners_are_numbers),
		TEST(whiteouts_are_devices),
		TEST(an_opaque_root_is_reported),
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
