/* SPDX-License-Identifier: MIT */
/* layer_header.c - what the headers of a layer say, and what is refused */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/unit/recorder.h"
#include "tests/unit/tarball.h"
#include "tests/unit/tree.h"
#include "tests/unit/unpack.h"

static void what_linux_cannot_store_is_refused(void **state)
{
	static const struct {
		struct tarball_entry entry;
		const char *error;
	} cases[] = {
		{ { .name = "f", .uid = UINT32_MAX },
		  "entry 'f': user id 4294967295 is out of range" },
		{ { .name = "f", .gid = UINT32_MAX },
		  "entry 'f': group id 4294967295 is out of range" },
		{ { .name = "f", .uid = (uint64_t)-2 },
		  "entry 'f': user id -2 is out of range" },
		{ { .name = "d/n", .type = '3' },
		  "entry 'd/n': character device 0:0 is a whiteout to "
		  "overlayfs" },
		{ { .name = "n", .type = '4', .major = 4096 },
		  "entry 'n': device number 4096:0 is out of range" },
		{ { .name = "n", .type = '3', .minor = 1048576 },
		  "entry 'n': device number 0:1048576 is out of range" },
		{ { .name = "n", .type = '3', .major = (uint64_t)-1 },
		  "entry 'n': device number -1:0 is out of range" },
		{ { .name = "s", .type = '2' },
		  "entry 's': symlink to nothing" },
		{ { .name = "m", .type = 'M' },
		  "entry 'm': unknown file type 00" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		struct recorder r;

		tarball_add(&t, &cases[i].entry);
		assert_int_equal(recorder_read_tarball(&r, &t), -1);
		assert_string_equal(r.err.msg, cases[i].error);
		assert_int_equal(r.err.code, EINVAL);
	}
}

static void a_socket_is_skipped_with_a_warning(void **state)
{
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	/* Tar has no type for it; libarchive takes it from the mode there. */
	tarball_add(&t, &(struct tarball_entry){
				.name = "d/s", .type = 'M', .mode = 0140755 });
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "settle  inherit");
	assert_string_equal(r.warnings, "entry 'd/s': a socket, skipped");
	assert_int_equal(r.stats.warnings, 1);
}

/* As tars before POSIX had them, which knew neither type. */
static void a_file_with_a_slash_is_a_directory(void **state)
{
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	tarball_file(&t, "d/", "");
	tarball_pax_string(&t, "path", "\xc3\xa4/"); /* libarchive complains */
	tarball_file(&t, "x", "");
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "dir d; dir \xc3\xa4; settle d; "
				    "settle \xc3\xa4; settle  inherit");
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
	unpack_add(&t, "./", '5', 0755, 1, NULL);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		(void)snprintf(name, sizeof(name), "%zu", i);
		tarball_pax_string(&t, "mtime", cases[i].pax);
		unpack_add(&t, name, '0', 0644, 99, "");
	}
	unpack_add(&t, "ustar", '0', 0644, -2000000000, "");
	unpack_well(&t);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stat st;

		(void)snprintf(name, sizeof(name), "root/%zu", i);
		st = unpacked_stat(name);
		print_message("%s\n", cases[i].pax);
		assert_int_equal(st.st_mtim.tv_sec, cases[i].seconds);
		assert_int_equal(st.st_mtim.tv_nsec, cases[i].nanoseconds);
	}
	assert_int_equal(unpacked_stat("root/ustar").st_mtim.tv_sec,
			 -2000000000);
}

static void xattrs_are_kept(void **state)
{
	static const char binary[] = "a\0b\n=\xff";
	static char big[3000] = "big";
	AUTO(tarball) t = { 0 };

	(void)state;
	unpack_add(&t, "./", '5', 0755, 0, NULL);
	tarball_pax(&t, "SCHILY.xattr.user.b", binary, sizeof(binary) - 1);
	tarball_pax(&t, "SCHILY.xattr.user.empty", "", 0);
	tarball_pax_string(&t, "LIBARCHIVE.xattr.user.%61", "dmFsdWU=");
	tarball_pax_string(&t, "SCHILY.xattr.user.a", "value");
	tarball_pax_string(&t, "SCHILY.xattr.security.selinux", "label");
	tarball_pax_string(&t, "SCHILY.xattr.system.nfs4_acl", "acl");
	unpack_add(&t, "f", '0', 0644, 0, "text");
	tarball_pax(&t, "SCHILY.xattr.user.big", big, sizeof(big));
	unpack_add(&t, "d/", '5', 0755, 0, NULL);
	unpack_well(&t);
	unpacked_xattr("root/f", "user.a", "value", 5);
	unpacked_xattr("root/f", "user.b", binary, sizeof(binary) - 1);
	unpacked_xattr("root/f", "user.empty", "", 0);
	unpacked_xattr("root/d", "user.big", big, sizeof(big));
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
	unpacked_xattr("root/ping", "security.capability", capability,
		       sizeof(capability));
	unpacked_xattr("root/s", "trusted.x", "value", 5);
	unpacked_xattr("root/n", "trusted.x", "value", 5);
}

static void xattrs_that_have_no_place_are_dropped(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { 0 };

	(void)state;
	unpack_add(&t, "./", '5', 0755, 0, NULL);
	tarball_pax_string(&t, "SCHILY.xattr.trusted.overlay.redirect", "/etc");
	unpack_add(&t, "d/", '5', 0755, 0, NULL);
	tarball_pax_string(&t, "SCHILY.xattr.com.apple.provenance", "x");
	unpack_add(&t, "f", '0', 0644, 0, "");
	tarball_pax_string(&t, "SCHILY.xattr.user.x", "x");
	unpack_add(&t, "s", '2', 0777, 0, "f");
	assert_int_equal(unpack_tarball(&run, &t), 0);
	assert_int_equal(run.stats.warnings, 3);
	assert_string_equal(
		run.warnings,
		"entry 'd': xattr 'trusted.overlay.redirect' dropped: it would "
		"speak to overlayfs; entry 'f': xattr 'com.apple.provenance' "
		"dropped: Linux has no place for it; entry 's': xattr 'user.x' "
		"dropped: only files and directories have user xattrs");
	assert_int_equal(llistxattr("root/f", NULL, 0), 0);
}

/* The kernel would refuse them, where there is a file system that does not. */
static void acls_that_have_no_place_are_dropped(void **state)
{
	static const char acl[] = "user::rwx,group::rwx,other::rwx,"
				  "user:7:rwx:7,mask::rwx";
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	tarball_pax_string(&t, "SCHILY.acl.access", acl);
	tarball_symlink(&t, "s", "f");
	tarball_pax_string(&t, "SCHILY.acl.default", acl);
	tarball_file(&t, "f", "");
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_string_equal(
		r.warnings,
		"entry 's': xattr 'system.posix_acl_access' dropped: symlinks "
		"have no ACLs; entry 'f': xattr 'system.posix_acl_default' "
		"dropped: only directories have default ACLs");
}

/* squashfs would keep them, and nobody could read them then. */
static void capabilities_that_linux_does_not_take_are_refused(void **state)
{
	static const struct {
		const char *value;
		size_t size;
		bool good;
	} cases[] = {
		{ "\1\0\0\2", 20, true },  { "\0\0\0\2", 20, true },
		{ "\0\0\0\3", 24, true },  { "\0\0\0\1", 12, false },
		{ "\0\0\0\2", 24, false }, { "\0\0\0\3", 20, false },
		{ "\2\0\0\2", 20, false }, { "\0\0\0\4", 20, false },
		{ "\0\0\0\2", 19, false }, { "\0\0\0\2", 3, false },
		{ "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char value[24] = "";
		AUTO(tarball) t = { 0 };
		struct recorder r;

		print_message("%zu\n", i);
		memcpy(value, cases[i].value, cases[i].size > 0 ? 4 : 0);
		tarball_pax(&t, "SCHILY.xattr.security.capability", value,
			    cases[i].size);
		tarball_file(&t, "f", "");
		assert_int_equal(recorder_read_tarball(&r, &t),
				 cases[i].good ? 0 : -1);
		if (!cases[i].good)
			assert_string_equal(
				r.err.msg,
				"entry 'f': xattr 'security.capability' has "
				"a value that Linux does not take");
	}
}

static void acls_of_another_form_are_refused(void **state)
{
	static const struct {
		const char *value;
		size_t size;
	} cases[] = {
		{ "rubbish", 7 },
		{ "\2\0\0", 3 },
		{ "\1\0\0\0", 4 },
		{ "\2\0\0\0\1\0\7", 7 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		struct recorder r;

		tarball_pax(&t, "SCHILY.xattr.system.posix_acl_access",
			    cases[i].value, cases[i].size);
		tarball_file(&t, "f", "");
		assert_int_equal(recorder_read_tarball(&r, &t), -1);
		assert_string_equal(r.err.msg,
				    "entry 'f': xattr "
				    "'system.posix_acl_access' has a value "
				    "that Linux does not take");
	}
}

static void a_target_beyond_linux_is_refused(void **state)
{
	static char target[4097];
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	memset(target, 't', 4095);
	tarball_symlink(&t, "s", target);
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	target[4095] = 't';
	tarball_symlink(&t, "l", target);
	assert_int_equal(recorder_read_tarball(&r, &t), -1);
	assert_int_equal(r.err.code, ENAMETOOLONG);
	assert_string_equal(r.err.msg,
			    "entry 'l': symlink to a name of more than 4095 "
			    "bytes");
}

static void xattrs_beyond_the_limits_are_refused(void **state)
{
	static char value[65537], name[300] = "SCHILY.xattr.user.";
	AUTO(tarball) big = { 0 };
	AUTO(tarball) longer = { 0 };
	AUTO(tarball) many = { 0 };
	AUTO(tarball) two = { 0 };
	struct unpacking run = { 0 };

	(void)state;
	tarball_pax(&big, "SCHILY.xattr.user.x", value, sizeof(value));
	unpack_add(&big, "f", '0', 0644, 0, "");
	assert_int_equal(unpack_tarball(&run, &big), -1);
	assert_int_equal(run.err.code, E2BIG);
	assert_string_equal(run.err.msg, "entry 'f': xattr 'user.x' of 65537 "
					 "bytes, more than 65536");

	memset(name + 18, 'n', 251);
	tarball_pax_string(&longer, name, "");
	unpack_add(&longer, "f", '0', 0644, 0, "");
	assert_int_equal(unpack_tarball(&run, &longer), -1);
	assert_string_equal(run.err.msg, "entry 'f': xattr with a name of 256 "
					 "bytes, more than 255");

	for (int i = 0; i < 10000; i++) {
		(void)snprintf(name, sizeof(name), "SCHILY.xattr.user.%05d", i);
		tarball_pax_string(&many, name, "");
	}
	unpack_add(&many, "f", '0', 0644, 0, "");
	assert_int_equal(unpack_tarball(&run, &many), -1);
	assert_int_equal(run.err.code, E2BIG);
	assert_string_equal(run.err.msg,
			    "entry 'f': names of its xattrs take 110000 bytes, "
			    "more than 65536");

	tarball_pax_string(&two, "SCHILY.xattr.user.x", "1");
	tarball_pax_string(&two, "SCHILY.xattr.user.x", "2");
	unpack_add(&two, "f", '0', 0644, 0, "");
	assert_int_equal(unpack_tarball(&run, &two), -1);
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
	unpack_add(&t, "./", '5', 0755, 0, NULL);
	tarball_pax_string(&t, "SCHILY.acl.access", acl_text);
	unpack_add(&t, "text", '0', 0674, 0, "");
	tarball_pax(&t, "SCHILY.xattr.system.posix_acl_access", acl,
		    sizeof(acl));
	unpack_add(&t, "binary", '0', 0674, 0, "");
	tarball_pax_string(&t, "SCHILY.acl.access",
			   "user::---,user:1:r--,group::---,mask::---,"
			   "other::---");
	tarball_pax(&t, "SCHILY.xattr.system.posix_acl_access", acl,
		    sizeof(acl));
	unpack_add(&t, "both", '0', 0674, 0, "");
	tarball_pax_string(&t, "SCHILY.acl.default", acl_text);
	unpack_add(&t, "d/", '5', 0750, 0, NULL);
	unpack_add(&t, "d/plain", '0', 0640, 0, "");
	tarball_pax_string(&t, "SCHILY.acl.access",
			   "user::rw-,group::r--,other::---");
	unpack_add(&t, "trivial", '0', 0640, 0, "");
	unpack_well(&t);
	unpacked_xattr("root/text", "system.posix_acl_access", acl,
		       sizeof(acl));
	assert_int_equal(unpacked_stat("root/text").st_mode, S_IFREG | 0674);
	unpacked_xattr("root/binary", "system.posix_acl_access", acl,
		       sizeof(acl));
	assert_int_equal(unpacked_stat("root/binary").st_mode, S_IFREG | 0674);
	unpacked_xattr("root/both", "system.posix_acl_access", acl,
		       sizeof(acl));
	unpacked_xattr("root/d", "system.posix_acl_default", acl, sizeof(acl));
	assert_int_equal(unpacked_stat("root/d").st_mode, S_IFDIR | 0750);
	assert_int_equal(llistxattr("root/d/plain", NULL, 0), 0);
	assert_int_equal(llistxattr("root/trivial", NULL, 0), 0);
	assert_int_equal(unpacked_stat("root/trivial").st_mode, S_IFREG | 0640);
}

static void an_acl_by_name_is_refused(void **state)
{
	AUTO(tarball) t = { 0 };
	struct unpacking run = { 0 };

	(void)state;
	tarball_pax_string(&t, "SCHILY.acl.access",
			   "user::rw-,user:zoe:r--,group::r--,mask::r--,"
			   "other::r--");
	unpack_add(&t, "f", '0', 0644, 0, "");
	assert_int_equal(unpack_tarball(&run, &t), -1);
	assert_int_equal(run.err.code, EINVAL);
	assert_string_equal(run.err.msg,
			    "entry 'f': ACL names 'zoe' without a number");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_linux_cannot_store_is_refused),
		TEST(a_socket_is_skipped_with_a_warning),
		TEST(a_file_with_a_slash_is_a_directory),
		TEST(times_are_exact),
		TEST(xattrs_are_kept),
		TEST(privileged_xattrs_are_kept),
		TEST(xattrs_that_have_no_place_are_dropped),
		TEST(acls_that_have_no_place_are_dropped),
		TEST(capabilities_that_linux_does_not_take_are_refused),
		TEST(acls_of_another_form_are_refused),
		TEST(a_target_beyond_linux_is_refused),
		TEST(xattrs_beyond_the_limits_are_refused),
		TEST(acls_are_kept_in_either_form),
		TEST(an_acl_by_name_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
