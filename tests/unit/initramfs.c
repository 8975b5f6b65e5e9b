/* SPDX-License-Identifier: MIT */
/* initramfs.c - the tree that a guest starts with, and where libraries go */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "images/content.h"
#include "images/initramfs.h"
#include "images/libraries.h"

/*
 * One entry of a newc archive: linux/Documentation/driver-api
 * /early-userspace/buffer-format.rst. Fields have eight hex digits, of which
 * only the last two or four can be anything but 0 here.
 */
/* clang-format off */
#define HEADER(ino, mode, nlink, size, major, minor, namesize)                 \
	"070701" "000000" ino "0000" mode "00000000" "00000000"                \
	"000000" nlink "00000000" "000000" size "00000000" "00000000"          \
	"000000" major "000000" minor "000000" namesize "00000000"

static const char golden[] =
	HEADER("01", "a1ff", "01", "07", "00", "00", "04") "bin\0\0\0usr/bin\0"
	HEADER("02", "41ed", "02", "00", "00", "00", "04") "dev\0\0\0"
	HEADER("03", "2180", "01", "00", "05", "01", "0c") "dev/console\0\0\0"
	HEADER("04", "81a4", "01", "03", "00", "00", "02") "f\0" "abc\0"
	HEADER("05", "41ed", "02", "00", "00", "00", "04") "usr\0\0\0"
	HEADER("06", "41ed", "02", "00", "00", "00", "08") "usr/bin\0\0\0"
	HEADER("07", "81ed", "01", "00", "00", "00", "0a") "usr/bin/x\0"
	HEADER("00", "0000", "01", "00", "00", "00", "0b") "TRAILER!!!\0\0\0\0";
/* clang-format on */

static void add_file(struct initramfs *fs, const char *path, mode_t mode,
		     const char *text)
{
	AUTO(blob) content = { 0 };
	struct error err = { 0 };

	assert_int_equal(blob_copy(&content, text, strlen(text), &err), 0);
	assert_int_equal(initramfs_add_file(fs, path, mode, &content, &err), 0);
	assert_null(content.data);
}

/* The same tree, put together from either end. */
static void build(struct initramfs *fs, int backwards)
{
	struct error err = { 0 };

	for (int i = 0; i < 4; i++)
		switch (backwards ? 3 - i : i) {
		case 0:
			initramfs_add_link(fs, "bin", "usr/bin", &err);
			break;
		case 1:
			initramfs_add_character_device(fs, "dev/console", 0600,
						       5, 1, &err);
			break;
		case 2:
			add_file(fs, "f", 0644, "abc");
			break;
		case 3:
			add_file(fs, "usr/bin/x", 0755, "");
			break;
		}
	assert_string_equal(err.msg, "");
}

static void archive_layout_is_fixed(void **state)
{
	AUTO(initramfs) fs = { 0 };
	AUTO(blob) out = { 0 };
	struct error err = { 0 };

	(void)state;
	build(&fs, 0);
	assert_int_equal(initramfs_pack(&fs, &out, &err), 0);
	assert_int_equal(out.size % 512, 0);
	assert_true(out.size >= sizeof(golden) - 1);
	assert_memory_equal(out.data, golden, sizeof(golden) - 1);
	for (size_t i = sizeof(golden) - 1; i < out.size; i++)
		assert_int_equal(out.data[i], 0);
}

static void order_of_building_does_not_matter(void **state)
{
	AUTO(initramfs) a = { 0 };
	AUTO(initramfs) b = { 0 };
	AUTO(blob) x = { 0 };
	AUTO(blob) y = { 0 };
	struct error err = { 0 };

	(void)state;
	build(&a, 0);
	build(&b, 1);
	assert_int_equal(initramfs_pack(&a, &x, &err), 0);
	assert_int_equal(initramfs_pack(&b, &y, &err), 0);
	assert_int_equal(x.size, y.size);
	assert_memory_equal(x.data, y.data, x.size);
}

static void a_name_is_taken_once(void **state)
{
	AUTO(initramfs) fs = { 0 };
	AUTO(blob) content = { 0 };
	struct error err = { 0 };

	(void)state;
	add_file(&fs, "etc/f", 0644, "abc");
	assert_int_equal(initramfs_add_directory(&fs, "etc", 0755, &err), 0);
	assert_int_equal(blob_copy(&content, "x", 1, &err), 0);
	assert_int_equal(initramfs_add_file(&fs, "etc/f", 0644, &content, &err),
			 -1);
	assert_int_equal(err.code, EEXIST);
	assert_string_equal(err.msg, "'etc/f' is in the initramfs already");
	assert_non_null(content.data);
}

static void the_skeleton_has_what_the_agent_counts_on(void **state)
{
	static const char *const paths[] = {
		"bin",
		"dev/console",
		"disk",
		"etc/group",
		"etc/passwd",
		"lib",
		"proc",
		"run",
		"sys",
		"tmp",
		"usr/lib/modules",
	};
	AUTO(initramfs) fs = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(content_add_skeleton(&fs, &err), 0);
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		print_message("%s\n", paths[i]);
		assert_true(initramfs_has(&fs, paths[i]));
	}
}

static void an_agent_with_libraries_is_refused(void **state)
{
	AUTO(initramfs) fs = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(content_add_agent(&fs, "/proc/self/exe", &err), -1);
	assert_string_equal(err.msg, "the agent '/proc/self/exe' is not a "
				     "static program for x86_64");
	assert_int_equal(content_add_agent(&fs, "/nowhere", &err), -1);
	assert_string_equal(err.msg, "the agent: open '/nowhere': No such "
				     "file or directory");
}

static const struct {
	const char *here;
	const char *guest;
} places[] = {
	{ "/lib/x86_64-linux-gnu/libc.so.6",
	  "usr/lib/x86_64-linux-gnu/libc.so.6" },
	{ "/lib64/ld-linux-x86-64.so.2", "usr/lib64/ld-linux-x86-64.so.2" },
	{ "/usr/lib64/libc.so.6", "usr/lib64/libc.so.6" },
	{ "/usr/bin/../lib/a.so", "usr/lib/a.so" },
	{ "/lib/../lib64/./a.so", "usr/lib64/a.so" },
	{ "//lib//a.so", "usr/lib/a.so" },
	{ "/../../a.so", "a.so" },
	{ "/library/a.so", "library/a.so" },
	{ "/nix/store/x/lib/a.so", "nix/store/x/lib/a.so" },
};

static void libraries_keep_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		autofree char *place = libraries_place(places[i].here);

		assert_non_null(place);
		assert_string_equal(place, places[i].guest);
	}
}

static void loaders_list_is_understood(void **state)
{
	static const char list[] =
		"\tlinux-vdso.so.1 (0x00007f146ada5000)\n"
		"\tlibacl.so.1 => /lib/x86_64-linux-gnu/libacl.so.1 "
		"(0x00007f146acdc000)\n"
		"\tlibodd.so => /opt/a (b)/libodd.so (0x00007f146acdc000)\n"
		"\t/lib64/ld-linux-x86-64.so.2 (0x00007f146ada7000)\n";
	AUTO(name_list) files = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(libraries_parse(&files, list, &err), 0);
	assert_int_equal(files.count, 3);
	assert_string_equal(files.name[0], "/lib/x86_64-linux-gnu/libacl.so.1");
	assert_string_equal(files.name[1], "/opt/a (b)/libodd.so");
	assert_string_equal(files.name[2], "/lib64/ld-linux-x86-64.so.2");

	assert_int_equal(libraries_parse(&files, "\tliba.so.1 => not found\n",
					 &err),
			 -1);
	assert_string_equal(err.msg,
			    "library 'liba.so.1' is not on this machine");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archive_layout_is_fixed),
		cmocka_unit_test(order_of_building_does_not_matter),
		cmocka_unit_test(a_name_is_taken_once),
		cmocka_unit_test(the_skeleton_has_what_the_agent_counts_on),
		cmocka_unit_test(an_agent_with_libraries_is_refused),
		cmocka_unit_test(libraries_keep_their_place),
		cmocka_unit_test(loaders_list_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
