/* SPDX-License-Identifier: MIT */
/* upper.c - an upper directory as a tar */
#include "tests/unit/unit.h"

#include <errno.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <archive.h>
#include <archive_entry.h>
#include <openssl/sha.h>

#include "guest/agent/upper.h"
#include "guest/shared/cleanup.h"
#include "tests/unit/tree.h"

#define MIB (1024 * 1024) /* bytes */

/* The tar, all of it. */
struct bytes {
	char *data;
	size_t size;
	size_t room;
	size_t fail_at; /* bytes after which the sink fails; 0: never */
	size_t largest; /* write */
};

static int collect(void *context, const void *data, size_t size,
		   struct error *err)
{
	struct bytes *bytes = context;

	if (bytes->fail_at && bytes->size + size > bytes->fail_at)
		return error_set(err, ENOSPC, "no room for the tar");
	if (size > bytes->largest)
		bytes->largest = size;
	while (bytes->room < bytes->size + size) {
		bytes->room = bytes->room ? bytes->room * 2 : 65536;
		bytes->data = realloc(bytes->data, bytes->room);
		assert_non_null(bytes->data);
	}
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
	return 0;
}

static char warned[256];

static void remember(void *context, const char *text)
{
	(void)context;
	(void)snprintf(warned, sizeof(warned), "%s", text);
}

static int write_tar(struct bytes *bytes, const struct upper_options *options,
		     struct upper_stats *stats, struct error *err)
{
	struct tar_sink sink = { collect, bytes };
	struct upper_options with_warn = *options;
	int fd = tree_open(".");
	int result;

	warned[0] = '\0';
	with_warn.warn.say = remember;
	result = upper_write(fd, &with_warn, &sink, stats, err);
	close(fd);
	return result;
}

static void describe_xattrs(FILE *f, struct archive_entry *entry)
{
	const char *name;
	const void *value;
	size_t size;

	(void)archive_entry_xattr_reset(entry);
	while (archive_entry_xattr_next(entry, &name, &value, &size) ==
	       ARCHIVE_OK)
		fprintf(f, " %s=%.*s", name, (int)size, (const char *)value);
}

static void describe_entry(FILE *f, struct archive *a,
			   struct archive_entry *entry)
{
	char data[64];
	la_ssize_t n;

	fprintf(f, "%s %06o %d:%d %lld", archive_entry_pathname(entry),
		archive_entry_mode(entry), (int)archive_entry_uid(entry),
		(int)archive_entry_gid(entry),
		(long long)archive_entry_mtime(entry));
	if (archive_entry_hardlink(entry))
		fprintf(f, " link %s", archive_entry_hardlink(entry));
	if (archive_entry_symlink(entry))
		fprintf(f, " -> %s", archive_entry_symlink(entry));
	if (archive_entry_filetype(entry) == AE_IFCHR)
		fprintf(f, " %d,%d", (int)archive_entry_rdevmajor(entry),
			(int)archive_entry_rdevminor(entry));
	n = archive_read_data(a, data, sizeof(data));
	assert_true(n >= 0);
	if (n > 0)
		fprintf(f, " '%.*s'", (int)n, data);
	describe_xattrs(f, entry);
	assert_true(!archive_entry_uname(entry) ||
		    !*archive_entry_uname(entry));
	assert_true(!archive_entry_gname(entry) ||
		    !*archive_entry_gname(entry));
	assert_false(archive_entry_atime_is_set(entry));
	assert_false(archive_entry_ctime_is_set(entry));
	fputc('\n', f);
}

/* One line for each entry. The caller's to free. */
static char *describe(const struct bytes *bytes)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	int r;

	assert_int_equal(archive_read_support_format_tar(a), ARCHIVE_OK);
	assert_int_equal(archive_read_open_memory(a, bytes->data, bytes->size),
			 ARCHIVE_OK);
	while ((r = archive_read_next_header(a, &entry)) == ARCHIVE_OK)
		describe_entry(f, a, entry);
	assert_int_equal(r, ARCHIVE_EOF);
	archive_read_free(a);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void assert_tar(const struct upper_options *options, const char *want)
{
	struct upper_stats stats = { 0 };
	struct bytes bytes = { 0 };
	struct error err = { 0 };
	int result = write_tar(&bytes, options, &stats, &err);
	autofree char *text = NULL;
	uint64_t lines = 0;

	assert_string_equal(err.msg, "");
	assert_int_equal(result, 0);
	text = describe(&bytes);
	assert_string_equal(text, want);
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	assert_int_equal(stats.bytes, bytes.size);
	if (!strchr(want, '\\')) /* no name with a newline */
		assert_int_equal(stats.entries, lines);
	free(bytes.data);
}

static void assert_refused(const char *msg)
{
	const struct upper_options options = { 0 };
	struct upper_stats stats = { .entries = 77 };
	struct bytes bytes = { 0 };
	struct error err = { 0 };

	assert_int_equal(write_tar(&bytes, &options, &stats, &err), -1);
	assert_string_equal(err.msg, msg);
	assert_int_equal(err.code, EINVAL);
	assert_int_equal(stats.entries, 77);
	free(bytes.data);
}

/* Plain options: neither clamp nor root. */
static const struct upper_options plain = { 0 };

static void own(const char *path)
{
	assert_int_equal(lchown(path, 7, 8), 0);
	tree_time(path, 5);
}

static void empty_directory_is_two_blocks(void **state)
{
	static const char zeros[1024];
	struct upper_stats stats = { 0 };
	struct bytes bytes = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(write_tar(&bytes, &plain, &stats, &err), 0);
	assert_int_equal(bytes.size, sizeof(zeros));
	assert_memory_equal(bytes.data, zeros, sizeof(zeros));
	assert_int_equal(stats.entries, 0);
	assert_int_equal(stats.bytes, sizeof(zeros));
	free(bytes.data);
}

static void every_type_has_its_metadata(void **state)
{
	(void)state;
	tree_needs_root();
	tree_dir("d");
	tree_file("d/file", "content");
	assert_int_equal(chmod("d/file", 04750), 0);
	own("d/file");
	assert_int_equal(chmod("d/file", 04750), 0);
	assert_int_equal(symlink("to\377where", "d/link"), 0);
	own("d/link");
	tree_device("d/null", 1, 3);
	own("d/null");
	assert_int_equal(mkfifo("d/pipe", 0640), 0);
	own("d/pipe");
	assert_int_equal(chmod("d", 01777), 0);
	own("d");
	assert_tar(&plain, "d/ 041777 7:8 5\n"
			   "d/file 104750 7:8 5 'content'\n"
			   "d/link 120777 7:8 5 -> to\377where\n"
			   "d/null 020644 7:8 5 1,3\n"
			   "d/pipe 010640 7:8 5\n");
}

/* Bare names, each in its own time. */
static void names_come_in_order(void **state)
{
	static const char *const files[] = {
		"b",	     "a-b",	      "a/y",	  "a/x",
		"a.c",	     "\377",	      "\303\251", "a b",
		"new\\line", ".wh.z",	      ".wh.a0",	  "a/.wh..wh..opq",
		"a/.wh.A",   "a/.wh..bashrc", "a/!",	  ".hidden",
		".wh!"
	};

	(void)state;
	tree_needs_root();
	tree_dir("a");
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		tree_file(files[i], "");
		tree_time(files[i], 5);
	}
	tree_time("a", 5);
	assert_tar(&plain, ".wh.a0 100644 0:0 0\n"
			   ".wh.z 100644 0:0 0\n"
			   ".hidden 100644 0:0 5\n"
			   ".wh! 100644 0:0 5\n"
			   "a/ 040755 0:0 5\n"
			   "a/.wh..wh..opq 100644 0:0 0\n"
			   "a/.wh..bashrc 100644 0:0 0\n"
			   "a/.wh.A 100644 0:0 0\n"
			   "a/! 100644 0:0 5\n"
			   "a/x 100644 0:0 5\n"
			   "a/y 100644 0:0 5\n"
			   "a b 100644 0:0 5\n"
			   "a-b 100644 0:0 5\n"
			   "a.c 100644 0:0 5\n"
			   "b 100644 0:0 5\n"
			   "new\\line 100644 0:0 5\n"
			   "\303\251 100644 0:0 5\n"
			   "\377 100644 0:0 5\n");
}

static void whiteouts_are_normalised(void **state)
{
	(void)state;
	tree_needs_root();
	tree_file(".wh.x", "a hook wrote this");
	own(".wh.x");
	assert_int_equal(chmod(".wh.x", 0777), 0);
	tree_xattr(".wh.x", "user.a", "b");
	assert_int_equal(link(".wh.x", ".wh.y"), 0);
	assert_tar(&plain, ".wh.x 100644 0:0 0\n"
			   ".wh.y 100644 0:0 0\n");
}

static void whiteout_that_is_no_file_is_refused(void **state)
{
	(void)state;
	tree_dir("d");
	tree_dir("d/.wh.x");
	assert_refused("'d/.wh.x': a name that begins with .wh. stands for a "
		       "deletion, and must be an empty file");
}

static void times_are_whole_seconds_and_clamped(void **state)
{
	const struct upper_options clamped = { .has_clamp = true, .clamp = 50 };
	struct timespec times[2] = { { 0 }, { 9, 999999999 } };
	struct timespec early[2] = { { 0 }, { -9, 1 } };

	(void)state;
	tree_needs_root();
	tree_dir("d");
	tree_file("early", "");
	tree_file("late", "");
	tree_time("d", INT64_C(1) << 33);
	tree_time("late", 51);
	assert_int_equal(utimensat(AT_FDCWD, "early", times, 0), 0);
	assert_tar(&clamped, "d/ 040755 0:0 50\n"
			     "early 100644 0:0 9\n"
			     "late 100644 0:0 50\n");
	assert_int_equal(utimensat(AT_FDCWD, "early", early, 0), 0);
	assert_tar(&plain, "d/ 040755 0:0 8589934592\n"
			   "early 100644 0:0 -9\n"
			   "late 100644 0:0 51\n");
}

static void xattrs_are_sorted_and_local_ones_dropped(void **state)
{
	(void)state;
	tree_needs_root();
	tree_dir("d");
	tree_file("d/f", "");
	assert_int_equal(symlink("f", "d/l"), 0);
	tree_xattr("d/f", "user.z", "last");
	tree_xattr("d/f", "user.a", "first");
	tree_xattr("d/f", "trusted.overlay.origin", "gone");
	tree_xattr("d/f", "security.selinux", "gone");
	tree_xattr("d/l", "trusted.l", "of the link");
	tree_xattr("d", "trusted.overlay.impure", "y");
	tree_xattr("d", "trusted.d", "");
	tree_time("d/f", 5);
	tree_time("d/l", 5);
	tree_time("d", 5);
	assert_tar(&plain, "d/ 040755 0:0 5 trusted.d=\n"
			   "d/f 100644 0:0 5 user.z=last user.a=first\n"
			   "d/l 120777 0:0 5 -> f trusted.l=of the link\n");
}

static void acls_and_capabilities_are_kept(void **state)
{
	/* user::rw- user:7:r-- group::r-- mask::r-- other::r-- */
	static const char acl[] = "\2\0\0\0"
				  "\1\0\6\0\xff\xff\xff\xff"
				  "\2\0\4\0\7\0\0\0"
				  "\4\0\4\0\xff\xff\xff\xff"
				  "\x10\0\4\0\xff\xff\xff\xff"
				  "\x20\0\4\0\xff\xff\xff\xff";
	static const char capability[] = "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0"
					 "\0\0\0";
	struct upper_stats stats = { 0 };
	struct bytes bytes = { 0 };
	struct error err = { 0 };

	(void)state;
	tree_needs_root();
	tree_file("f", "");
	assert_int_equal(setxattr("f", "security.capability", capability,
				  sizeof(capability), 0),
			 0);
	if (setxattr("f", "system.posix_acl_access", acl, sizeof(acl) - 1, 0) <
	    0)
		skip();
	assert_int_equal(write_tar(&bytes, &plain, &stats, &err), 0);
	assert_non_null(memmem(bytes.data, bytes.size,
			       "SCHILY.xattr.system.posix_acl_access=\2", 38));
	assert_non_null(memmem(bytes.data, bytes.size, acl, sizeof(acl) - 1));
	assert_non_null(memmem(bytes.data, bytes.size,
			       "SCHILY.xattr.security.capability=\1\0\0\2",
			       36));
	free(bytes.data);
}

static void xattr_that_tar_cannot_name_is_refused(void **state)
{
	(void)state;
	tree_needs_root();
	tree_file("f", "");
	tree_xattr("f", "user.a b", "x");
	assert_refused("'f': a layer cannot hold xattr 'user.a b'");
}

/* ext4 as it is usually made does not hold that many. */
static int setup_in_memory(void **state)
{
	autofree char *dir = getenv("TMPDIR") ? strdup(getenv("TMPDIR")) : NULL;
	int result;

	(void)setenv("TMPDIR", "/dev/shm", 1);
	result = tree_setup(state);
	(void)unsetenv("TMPDIR");
	if (dir)
		(void)setenv("TMPDIR", dir, 1);
	return result;
}

static void more_xattrs_than_readers_take_are_refused(void **state)
{
	static const char large[65536 - 1000];
	char name[32];

	(void)state;
	tree_needs_root();
	tree_file("f", "");
	for (int i = 0; i < 16; i++) {
		(void)snprintf(name, sizeof(name), "trusted.%02d", i);
		assert_int_equal(setxattr("f", name, large, sizeof(large), 0),
				 0);
	}
	assert_refused("'f': 1032736 bytes of xattrs, more than 1000000");
}

static void first_name_of_a_file_is_the_file(void **state)
{
	(void)state;
	tree_needs_root();
	tree_dir("d");
	tree_file("d/z", "content");
	tree_xattr("d/z", "user.a", "b");
	assert_int_equal(link("d/z", "e"), 0);
	assert_int_equal(link("d/z", "c"), 0);
	assert_int_equal(link("d/z", "other-name"), 0);
	assert_int_equal(symlink("t", "l1"), 0);
	assert_int_equal(link("l1", "l2"), 0);
	tree_device("null", 1, 3);
	assert_int_equal(link("null", "null2"), 0);
	tree_time("c", 5);
	tree_time("d", 5);
	tree_time("l1", 5);
	tree_time("null", 5);
	assert_tar(&plain, "c 100644 0:0 5 'content' user.a=b\n"
			   "d/ 040755 0:0 5\n"
			   "d/z 000644 0:0 5 link c\n"
			   "e 000644 0:0 5 link c\n"
			   "l1 120777 0:0 5 -> t\n"
			   "l2 120777 0:0 5 -> t\n"
			   "null 020644 0:0 5 1,3\n"
			   "null2 020644 0:0 5 1,3\n"
			   "other-name 000644 0:0 5 link c\n");
}

static void many_hard_links_are_told_apart(void **state)
{
	char a[32], b[32];
	char *want = NULL;
	size_t size;
	FILE *f = open_memstream(&want, &size);

	(void)state;
	tree_needs_root();
	for (int i = 100; i < 300; i++) {
		(void)snprintf(a, sizeof(a), "a%d", i);
		tree_file(a, "");
		tree_time(a, 5);
		fprintf(f, "%s 100644 0:0 5\n", a);
	}
	for (int i = 100; i < 300; i++) {
		(void)snprintf(a, sizeof(a), "a%d", i);
		(void)snprintf(b, sizeof(b), "b%d", i);
		assert_int_equal(link(a, b), 0);
		fprintf(f, "%s 000644 0:0 5 link %s\n", b, a);
	}
	assert_int_equal(fclose(f), 0);
	assert_tar(&plain, want);
	free(want);
}

static void sockets_are_left_out(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX,
				       .sun_path = "d/s" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	tree_needs_root();
	tree_dir("d");
	assert_int_equal(bind(fd, (const struct sockaddr *)&address,
			      sizeof(address)),
			 0);
	close(fd);
	tree_time("d", 5);
	assert_tar(&plain, "d/ 040755 0:0 5\n");
	assert_string_equal(warned, "socket 'd/s' is left out of the layer");
}

static void sparse_file_is_written_in_full(void **state)
{
	const size_t hole = 3 * 1024 * 1024 + 7;
	struct upper_stats stats = { 0 };
	struct bytes bytes = { 0 };
	struct error err = { 0 };
	char *want = calloc(1, 2 * hole);
	int fd = open("f", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	(void)state;
	assert_int_equal(pwrite(fd, "begin", 5, 0), 5);
	assert_int_equal(pwrite(fd, "middle", 6, (off_t)hole), 6);
	assert_int_equal(ftruncate(fd, (off_t)(2 * hole)), 0);
	close(fd);
	memcpy(want, "begin", 5);
	memcpy(want + hole, "middle", 6);
	assert_int_equal(write_tar(&bytes, &plain, &stats, &err), 0);
	assert_memory_equal(bytes.data + 512, want, 2 * hole);
	assert_int_equal(bytes.size, 512 + (2 * hole + 511) / 512 * 512 + 1024);
	assert_int_equal(bytes.largest, 256 * 1024);
	free(bytes.data);
	free(want);
}

static void root_is_there_only_if_it_changed(void **state)
{
	AUTO(upper_root) root = { 0 };
	const struct upper_options options = { .root = &root };
	struct error err = { 0 };
	int fd = tree_open(".");

	(void)state;
	tree_needs_root();
	assert_int_equal(chmod(".", 0755), 0);
	tree_time(".", 5);
	assert_int_equal(upper_root_capture(&root, fd, &err), 0);
	tree_xattr(".", "trusted.overlay.impure", "y");
	assert_tar(&options, "");

	assert_int_equal(chmod(".", 0700), 0);
	assert_tar(&options, "./ 040700 0:0 5\n");
	assert_tar(&plain, "");

	assert_int_equal(upper_root_capture(&root, fd, &err), 0);
	assert_tar(&options, "");
	tree_xattr(".", "user.a", "b");
	assert_tar(&options, "./ 040700 0:0 5 user.a=b\n");

	assert_int_equal(upper_root_capture(&root, fd, &err), 0);
	tree_xattr(".", "user.a", "c");
	assert_tar(&options, "./ 040700 0:0 5 user.a=c\n");

	assert_int_equal(upper_root_capture(&root, fd, &err), 0);
	tree_file("f", "");
	tree_time("f", 5);
	tree_time(".", 6);
	assert_tar(&options, "./ 040700 0:0 6 user.a=c\n"
			     "f 100644 0:0 5\n");

	assert_int_equal(upper_root_capture(&root, fd, &err), 0);
	assert_int_equal(chown(".", 1, 0), 0);
	tree_time(".", 6);
	assert_tar(&options, "./ 040700 1:0 6 user.a=c\n"
			     "f 100644 0:0 5\n");
	close(fd);
}

static void what_the_sink_says_is_passed_on(void **state)
{
	struct upper_stats stats = { 0 };
	struct bytes bytes = { .fail_at = 2 * MIB };
	struct error err = { 0 };
	int fd = open("f", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	(void)state;
	assert_int_equal(ftruncate(fd, 10 * MIB), 0);
	close(fd);
	assert_int_equal(write_tar(&bytes, &plain, &stats, &err), -1);
	assert_string_equal(err.msg, "no room for the tar");
	assert_int_equal(err.code, ENOSPC);
	/* A header, and then whole pieces. */
	assert_int_equal(bytes.size, 512 + 7 * 256 * 1024);
	free(bytes.data);
}

static void the_sink_may_fail_at_the_end(void **state)
{
	struct upper_stats stats = { 0 };
	struct bytes bytes = { .fail_at = 1 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(write_tar(&bytes, &plain, &stats, &err), -1);
	assert_string_equal(err.msg, "no room for the tar");
}

/* A sink that changes the file whose first bytes it is given. */
static int change_file(void *context, const void *data, size_t size,
		       struct error *err)
{
	(void)data;
	(void)size;
	if (truncate("f", *(const off_t *)context) < 0)
		return error_errno(err, "truncate");
	return 0;
}

static void file_that_changes_is_an_error(void **state)
{
	static const struct {
		off_t size;
		const char *msg;
	} cases[] = {
		{ 5 * MIB, "'f': the file became shorter while it was read" },
		{ 15 * MIB, "'f': the file became longer while it was read" },
	};
	char *content = malloc(10 * MIB);

	(void)state;
	memset(content, 'x', 10 * MIB);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		off_t size = cases[i].size;
		struct tar_sink sink = { change_file, &size };
		struct upper_stats stats = { 0 };
		struct error err = { 0 };
		int fd = open("f", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			      0644);
		int dir = tree_open(".");

		assert_int_equal(write(fd, content, 10 * MIB), 10 * MIB);
		close(fd);
		assert_int_equal(upper_write(dir, &plain, &sink, &stats, &err),
				 -1);
		close(dir);
		assert_string_equal(err.msg, cases[i].msg);
		assert_int_equal(err.code, EIO);
	}
	free(content);
}

static void deep_trees_need_few_descriptors(void **state)
{
	struct rlimit limit = { 24, 24 }, before;
	struct upper_stats stats = { 0 };
	struct bytes bytes = { 0 };
	struct error err = { 0 };

	for (int depth = 0; depth < 1100; depth++) {
		tree_dir("directory");
		assert_int_equal(chdir("directory"), 0);
		tree_file("file", "");
	}
	assert_int_equal(chdir(*state), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(write_tar(&bytes, &plain, &stats, &err), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(stats.entries, 2200);
	free(bytes.data);
}

/* The tree of the golden test, forwards or backwards. */
static void make_golden_tree(bool backwards)
{
	static const char *const dirs[] = { "bin", "etc", "etc/d" };
	static const char *const files[] = {
		"bin/sh",    "etc/.wh.old",	"etc/d/.wh..wh..opq",
		"etc/d/new", "etc/caf\303\251", "etc/\377"
	};

	for (size_t i = 0; i < COUNT_OF(dirs); i++)
		tree_dir(dirs[i]);
	for (size_t i = 0; i < COUNT_OF(files); i++)
		tree_file(files[backwards ? COUNT_OF(files) - 1 - i : i],
			  "golden\n");
	tree_xattr("bin/sh", backwards ? "user.b" : "user.a", "1");
	tree_xattr("bin/sh", backwards ? "user.a" : "user.b", "1");
	assert_int_equal(link("bin/sh", "bin/bash"), 0);
	assert_int_equal(symlink("bash", "bin/ash"), 0);
	tree_device("null", 1, 3);
	tree_time("bin/ash", 1000000000);
	tree_time("null", 1000000000);
	for (size_t i = 0; i < COUNT_OF(files); i++)
		tree_time(files[i], 1000000000);
	for (size_t i = COUNT_OF(dirs); i-- > 0;)
		tree_time(dirs[i], 1000000000);
}

static void golden_bytes_do_not_change(void **state)
{
	static const char want[] = "1de5bd3cc1507888549f3e7627d0a21f09d3fe6854d"
				   "6e482441e8c59ca8e76f5";

	(void)state;
	tree_needs_root();
	for (int turn = 0; turn < 2; turn++) {
		struct upper_stats stats = { 0 };
		struct bytes bytes = { 0 };
		struct error err = { 0 };
		unsigned char sum[SHA256_DIGEST_LENGTH];
		char hex[2 * SHA256_DIGEST_LENGTH + 1];

		tree_dir("t");
		assert_int_equal(chdir("t"), 0);
		make_golden_tree(turn > 0);
		assert_int_equal(write_tar(&bytes, &plain, &stats, &err), 0);
		assert_int_equal(chdir(".."), 0);
		assert_int_equal(tree_remove("t"), 0);
		SHA256((const unsigned char *)bytes.data, bytes.size, sum);
		for (size_t i = 0; i < sizeof(sum); i++)
			(void)snprintf(hex + 2 * i, 3, "%02x", sum[i]);
		free(bytes.data);
		assert_string_equal(hex, want);
	}
}

#define IN_TREE(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(empty_directory_is_two_blocks),
		IN_TREE(every_type_has_its_metadata),
		IN_TREE(names_come_in_order),
		IN_TREE(whiteouts_are_normalised),
		IN_TREE(whiteout_that_is_no_file_is_refused),
		IN_TREE(times_are_whole_seconds_and_clamped),
		IN_TREE(xattrs_are_sorted_and_local_ones_dropped),
		IN_TREE(acls_and_capabilities_are_kept),
		IN_TREE(xattr_that_tar_cannot_name_is_refused),
		cmocka_unit_test_setup_teardown(
			more_xattrs_than_readers_take_are_refused,
			setup_in_memory, tree_teardown),
		IN_TREE(first_name_of_a_file_is_the_file),
		IN_TREE(many_hard_links_are_told_apart),
		IN_TREE(sockets_are_left_out),
		IN_TREE(sparse_file_is_written_in_full),
		IN_TREE(root_is_there_only_if_it_changed),
		IN_TREE(what_the_sink_says_is_passed_on),
		IN_TREE(the_sink_may_fail_at_the_end),
		IN_TREE(file_that_changes_is_an_error),
		IN_TREE(deep_trees_need_few_descriptors),
		IN_TREE(golden_bytes_do_not_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
