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

static int list(FILE *f, const struct listing_below *below,
		struct listing *listing, struct error *err)
{
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	return listing_read(listing, fileno(f), below, err);
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

static void assert_listed(FILE *f, const struct listing_below *below,
			  const char *want)
{
	AUTO(listing) listing = { 0 };
	struct error err = { 0 };
	autofree char *text = NULL;

	(void)list(f, below, &listing, &err);
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

static bool is_passwd(void *context, const char *path)
{
	++*(int *)context;
	return strcmp(path, "etc/passwd") == 0;
}

static void what_is_below_decides_where_it_is_known(void **state)
{
	int asked = 0;
	const struct listing_below below = { is_passwd, &asked };

	(void)state;
	assert_listed(new_layer("etc/|etc/passwd|etc/new|.wh.gone", NULL),
		      &below, "A etc\nM etc/passwd\nA etc/new\nD gone\n");
	assert_int_equal(asked, 3); /* not about what is deleted */
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
		cmocka_unit_test(what_is_below_decides_where_it_is_known),
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
