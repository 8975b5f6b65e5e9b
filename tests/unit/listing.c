/* SPDX-License-Identifier: MIT */
/* listing.c - what overlayvm show says of a layer */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "host/layer/listing.h"
#include "tests/unit/tarball.h"

/* A tar of empty files, and of directories where the name ends in a slash;
 * '|' stands between names. `filter` is of libarchive, NULL for none. */
static FILE *new_layer(const char *names, const char *filter)
{
	struct archive *a = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	char *copy = strdup(names), *rest = NULL;
	FILE *f = tmpfile();

	assert_int_equal(archive_write_set_format_pax(a), ARCHIVE_OK);
	if (filter)
		assert_int_equal(archive_write_add_filter_by_name(a, filter),
				 ARCHIVE_OK);
	/* Zeros after its end are what not every decompressor forgives. */
	assert_int_equal(archive_write_set_bytes_in_last_block(a, 1),
			 ARCHIVE_OK);
	assert_int_equal(archive_write_open_FILE(a, f), ARCHIVE_OK);
	for (char *n = strtok_r(copy, "|", &rest); n;
	     n = strtok_r(NULL, "|", &rest)) {
		bool is_dir = n[strlen(n) - 1] == '/';

		archive_entry_clear(entry);
		archive_entry_set_pathname(entry, n);
		archive_entry_set_mode(entry, is_dir ? S_IFDIR | 0755
						     : S_IFREG | 0644);
		archive_entry_set_size(entry, is_dir ? 0 : 3);
		(void)archive_write_header(a, entry); /* warns of bytes > 127 */
		if (!is_dir)
			assert_int_equal(archive_write_data(a, "abc", 3), 3);
	}
	archive_entry_free(entry);
	free(copy);
	assert_int_equal(archive_write_free(a), ARCHIVE_OK);
	assert_int_equal(fflush(f), 0);
	return f;
}

static int list(FILE *f, const struct base *base, struct listing *listing,
		struct error *err)
{
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	return listing_read(listing, fileno(f), base, err);
}

/* The caller's to free. */
static char *print(const struct listing *listing)
{
	struct error err = { 0 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(listing_print(listing, out, &err), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void assert_listed(FILE *f, const struct base *base, const char *want)
{
	AUTO(listing) listing = { 0 };
	struct error err = { 0 };
	autofree char *text = NULL;

	(void)list(f, base, &listing, &err);
	assert_string_equal(err.msg, "");
	text = print(&listing);
	assert_string_equal(text, want);
	assert_int_equal(fclose(f), 0);
}

static void marks_follow_from_the_layer(void **state)
{
	static const struct {
		const char *names;
		const char *want;
	} cases[] = {
		{ "", "" },
		{ "etc/|etc/passwd", "A etc\nA etc/passwd\n" },
		{ "./|./etc/|./etc/passwd", "A .\nA etc\nA etc/passwd\n" },
		{ "b|a", "A b\nA a\n" }, /* the tar's order */
		{ ".wh.x", "D x\n" },
		{ "./|.wh.x", "M .\nD x\n" },
		{ "a/|a/b/|a/b/.wh.x|a/c", "M a\nM a/b\nD a/b/x\nA a/c\n" },
		/* the directory after its whiteout */
		{ "a/.wh.x|a/|a/b", "D a/x\nM a\nA a/b\n" },
		/* the parents of a whiteout are not in the layer */
		{ "a/b/.wh.x|a/", "D a/b/x\nM a\n" },
		{ "a/|a/d/|a/d/.wh..wh..opq|a/d/x", "M a\nM a/d\nA a/d/x\n" },
		{ "d/.wh..wh..opq", "M d\n" }, /* no entry of its own */
		{ ".wh..wh..opq|a", "M .\nA a\n" },
		{ "./|.wh..wh..opq", "M .\n" },
		/* replaced: it is there again */
		{ "a/|a/.wh.x|a/x", "M a\nM a/x\n" },
		{ "x|.wh.x", "M x\n" },
		{ "d/|.wh.d|d/x", "M d\nA d/x\n" },
		{ "ab/|ab/x|a/|a/.wh.x", "A ab\nA ab/x\nM a\nD a/x\n" },
		{ "a|b|a", "A a\nA b\n" }, /* twice */
		{ ".wh..wh.plnk/|.wh..wh.aufs|a", "A a\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		print_message("%s\n", cases[i].names);
		assert_listed(new_layer(cases[i].names, NULL), NULL,
			      cases[i].want);
	}
}

static void add_base(struct base *base, const char *entries)
{
	AUTO(tarball) tar = { 0 };
	autofree char *copy = strdup(entries);
	struct error err = { 0 };
	struct layer_source source;
	char *rest = NULL;

	for (char *e = strtok_r(copy, "|", &rest); e;
	     e = strtok_r(NULL, "|", &rest))
		tarball_short(&tar, e);
	tarball_end(&tar);
	source = (struct layer_source){ tarball_open(&tar), 0, tar.size };
	(void)base_add(base, &source, &err);
	assert_string_equal(err.msg, "");
	close(source.fd);
}

static void a_base_decides_where_it_is_known(void **state)
{
	static const struct {
		const char *base;
		const char *names;
		const char *want;
	} cases[] = {
		{ "etc/|etc/passwd=", "etc/|etc/passwd|etc/new|.wh.gone",
		  "M etc\nM etc/passwd\nA etc/new\nD gone\n" },
		{ "etc/|etc/passwd=", "./|./etc/passwd",
		  "M .\nM etc/passwd\n" },
		/* what the layer alone would show */
		{ "a=", "d/|d/.wh.x|e/|e/.wh..wh..opq", "A d\nD d/x\nA e\n" },
		{ "", "a|.wh.a", "A a\n" },
		/* a deleted directory is one line */
		{ "d/|d/x=|d/y=", ".wh.d", "D d\n" },
		/* what an opaque directory hides, sorted, below it */
		{ "d/|d/x=|d/y=|d/z=", "d/|d/.wh..wh..opq|d/x|d/n",
		  "M d\nD d/y\nD d/z\nM d/x\nA d/n\n" },
		{ "d/|d/e/|d/e/x=|d/e/y=|d/f/|d/f/x=",
		  "d/|d/.wh..wh..opq|d/e/|d/e/x",
		  "M d\nD d/e/y\nD d/f\nM d/e\nM d/e/x\n" },
		/* ... through a directory that has no entry */
		{ "d/|d/e/|d/e/x=|d/e/y=", "d/|d/.wh..wh..opq|d/e/x",
		  "M d\nD d/e/y\nM d/e/x\n" },
		/* ... once, where both are opaque */
		{ "d/|d/e/|d/e/x=", "d/|d/.wh..wh..opq|d/e/|d/e/.wh..wh..opq",
		  "M d\nM d/e\nD d/e/x\n" },
		{ "d/|d/x=", "d/|.wh.d", "M d\nD d/x\n" },
		{ "a=|b/", ".wh..wh..opq|c", "M .\nD a\nD b\nA c\n" },
		{ "d/|d/x=", "d/|d/.wh..wh..opq|d/.wh.x", "M d\nD d/x\n" },
		/* no directory any more */
		{ "d/|d/x=|d/y/|d/y/z=", "d", "M d\nD d/x\nD d/y\n" },
		{ "d=", "d/|d/x", "M d\nA d/x\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(base) base = { 0 };

		print_message("%s over %s\n", cases[i].names, cases[i].base);
		add_base(&base, cases[i].base);
		assert_listed(new_layer(cases[i].names, NULL), &base,
			      cases[i].want);
	}
}

static void lines_say_what_a_path_is(void **state)
{
	static const struct tarball_entry entries[] = {
		{ .name = "d/", .type = '5', .mode = 01777, .uid = 1 },
		{ .name = "f",
		  .data = "abc",
		  .mode = 04755,
		  .gid = 70000,
		  .mtime = -5 },
		{ .name = "h", .type = '1', .link = "f" },
		{ .name = "s", .type = '2', .link = "\377" },
		{ .name = "c", .type = '3', .major = 1, .minor = 300 },
		{ .name = "b", .type = '4' },
		{ .name = "p", .type = '6' },
		{ .name = "twice", .type = '2', .link = "x" },
		{ .name = "twice", .data = "abcd", .mtime = 9 },
		{ .name = ".wh.gone" },
	};
	static const struct listing_line want[] = {
		{ .path = (char *)"d",
		  .type = LISTING_DIRECTORY,
		  .mode = 01777,
		  .uid = 1 },
		{ .path = (char *)"f",
		  .type = LISTING_FILE,
		  .size = 3,
		  .mode = 04755,
		  .gid = 70000,
		  .mtime = -5 },
		{ .path = (char *)"h",
		  .type = LISTING_HARD_LINK,
		  .target = (char *)"f",
		  .mode = 0644 },
		{ .path = (char *)"s",
		  .type = LISTING_SYMLINK,
		  .target = (char *)"\377",
		  .mode = 0644 },
		{ .path = (char *)"c",
		  .type = LISTING_CHARACTER_DEVICE,
		  .major = 1,
		  .minor = 300,
		  .mode = 0644 },
		{ .path = (char *)"b",
		  .type = LISTING_BLOCK_DEVICE,
		  .mode = 0644 },
		{ .path = (char *)"p", .type = LISTING_FIFO, .mode = 0644 },
		{ .path = (char *)"twice",
		  .type = LISTING_FILE,
		  .size = 4,
		  .mtime = 9,
		  .mode = 0644 },
		{ .path = (char *)"gone" },
	};
	AUTO(tarball) tar = { 0 };
	AUTO(listing) listing = { 0 };
	struct error err = { 0 };
	int fd;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(entries); i++)
		tarball_add(&tar, &entries[i]);
	tarball_end(&tar);
	fd = tarball_open(&tar);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	(void)listing_read(&listing, fd, NULL, &err);
	assert_string_equal(err.msg, "");
	close(fd);
	assert_int_equal(listing.count, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const struct listing_line *line = &listing.lines[i];

		assert_string_equal(line->path, want[i].path);
		assert_int_equal(line->type, want[i].type);
		assert_int_equal(line->size, want[i].size);
		assert_int_equal(line->mode, want[i].mode);
		assert_int_equal(line->uid, want[i].uid);
		assert_int_equal(line->gid, want[i].gid);
		assert_int_equal(line->mtime, want[i].mtime);
		assert_int_equal(line->major, want[i].major);
		assert_int_equal(line->minor, want[i].minor);
		assert_int_equal(line->target != NULL, want[i].target != NULL);
		if (want[i].target)
			assert_string_equal(line->target, want[i].target);
	}
}

static void compressed_layers_are_read(void **state)
{
	static const char *const filters[] = { "gzip", "zstd", "xz", "bzip2" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(filters); i++)
		assert_listed(new_layer("a/|a/.wh.x", filters[i]), NULL,
			      "M a\nD a/x\n");
}

static void pipes_are_read(void **state)
{
	FILE *f = new_layer("a/|a/.wh.x", NULL);
	AUTO(listing) listing = { 0 };
	struct error err = { 0 };
	autofree char *text = NULL;
	char bytes[16384];
	int pipes[2];
	ssize_t n;

	(void)state;
	n = pread(fileno(f), bytes, sizeof(bytes), 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], bytes, (size_t)n), n);
	close(pipes[1]);
	assert_int_equal(listing_read(&listing, pipes[0], NULL, &err), 0);
	close(pipes[0]);
	text = print(&listing);
	assert_string_equal(text, "M a\nD a/x\n");
}

/* As ls -b prints them (coreutils 9.1). */
static void names_are_escaped_as_by_ls(void **state)
{
	static const struct {
		const char *locale;
		const char *want;
	} cases[] = {
		{ "C.UTF-8", "A a\\ b\nA \\a\\b\\t\\n\\v\\f\\r\\\\\n"
			     "A \\001\\033[31m\\177\nA \"$(x)'`#~\n"
			     "A caf\303\251\nA \\377\\376\nA \\346\\227\n"
			     "A \\302\\205\n" },
		{ "C", "A a\\ b\nA \\a\\b\\t\\n\\v\\f\\r\\\\\n"
		       "A \\001\\033[31m\\177\nA \"$(x)'`#~\n"
		       "A caf\\303\\251\nA \\377\\376\nA \\346\\227\n"
		       "A \\302\\205\n" },
		{ "no-such-locale",
		  "A a\\ b\nA \\a\\b\\t\\n\\v\\f\\r\\\\\n"
		  "A \\001\\033[31m\\177\nA \"$(x)'`#~\n"
		  "A caf\\303\\251\nA \\377\\376\nA \\346\\227\n"
		  "A \\302\\205\n" },
	};
	static const char names[] = "a b|\a\b\t\n\v\f\r\\|\1\33[31m\177|"
				    "\"$(x)'`#~|caf\303\251|\377\376|"
				    "\346\227|\302\205";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(setenv("LC_ALL", cases[i].locale, 1), 0);
		assert_listed(new_layer(names, NULL), NULL, cases[i].want);
	}
	assert_int_equal(unsetenv("LC_ALL"), 0);
}

static void assert_refused(FILE *f, const char *msg)
{
	AUTO(listing) listing = { 0 };
	struct error err = { 0 };

	assert_int_equal(list(f, NULL, &listing, &err), -1);
	assert_string_equal(err.msg, msg);
	assert_int_equal(err.code, EINVAL);
	assert_null(listing.lines);
	assert_int_equal(fclose(f), 0);
}

static void bad_layers_are_refused(void **state)
{
	FILE *f = tmpfile();

	(void)state;
	assert_refused(new_layer("../a", NULL), "'../a': '..' in the name");
	assert_refused(new_layer("/a", NULL), "'/a': absolute name");
	assert_refused(new_layer("d/.wh.", NULL),
		       "'d/.wh.' is not the name of a whiteout");
	assert_refused(f, "not a tar archive");
	f = tmpfile();
	fputs("#!/bin/sh\nexit\n", f);
	assert_int_equal(fflush(f), 0);
	assert_refused(f, "not a tar archive");
}

static void truncated_layers_are_refused(void **state)
{
	static const struct {
		const char *filter;
		off_t size;
	} cases[] = { { NULL, 100 },  { NULL, 512 },	    { NULL, 514 },
		      { NULL, 612 },  { NULL, 1024 + 512 }, { "gzip", 60 },
		      { "zstd", 60 }, { "xz", 60 },	    { "bzip2", 60 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		FILE *f = new_layer("a|b", cases[i].filter);
		AUTO(listing) listing = { 0 };
		struct error err = { 0 };

		assert_int_equal(ftruncate(fileno(f), cases[i].size), 0);
		assert_int_equal(list(f, NULL, &listing, &err), -1);
		assert_int_equal(err.code, EINVAL);
		/* What comes after that are libarchive's words. */
		assert_memory_equal(err.msg, "not a ", 6);
		assert_int_equal(fclose(f), 0);
	}
}

static void reading_may_fail(void **state)
{
	AUTO(listing) listing = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(listing_read(&listing, -1, NULL, &err), -1);
	assert_string_equal(err.msg, "Bad file descriptor");
	assert_int_equal(err.code, EBADF);
}

static void writing_may_fail(void **state)
{
	FILE *f = new_layer("\377", NULL), *full = fopen("/dev/full", "we");
	AUTO(listing) listing = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(list(f, NULL, &listing, &err), 0);
	assert_int_equal(listing_print(&listing, full, &err), -1);
	assert_string_equal(err.msg,
			    "write the listing: No space left on device");
	(void)setvbuf(full, NULL, _IONBF, 0);
	clearerr(full);
	assert_int_equal(listing_print(&listing, full, &err), -1);
	assert_int_equal(err.code, ENOSPC);
	(void)fclose(full);
	assert_int_equal(fclose(f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_follow_from_the_layer),
		cmocka_unit_test(a_base_decides_where_it_is_known),
		cmocka_unit_test(lines_say_what_a_path_is),
		cmocka_unit_test(compressed_layers_are_read),
		cmocka_unit_test(pipes_are_read),
		cmocka_unit_test(names_are_escaped_as_by_ls),
		cmocka_unit_test(bad_layers_are_refused),
		cmocka_unit_test(truncated_layers_are_refused),
		cmocka_unit_test(reading_may_fail),
		cmocka_unit_test(writing_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
