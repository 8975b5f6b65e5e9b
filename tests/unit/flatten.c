/* SPDX-License-Identifier: MIT */
/* flatten.c - layers become one tree, and that a tar */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <archive.h>
#include <archive_entry.h>

#include "host/layer/flatten.h"
#include "tests/unit/tarball.h"

#define LAYERS_MAX 3

/* The bytes of a tar. */
struct memory {
	char *bytes; /* owned */
	size_t size;
};

static int remember(void *context, const void *bytes, size_t size,
		    struct error *err)
{
	struct memory *memory = context;

	(void)err;
	memory->bytes = realloc(memory->bytes, memory->size + size);
	assert_non_null(memory->bytes);
	memcpy(memory->bytes + memory->size, bytes, size);
	memory->size += size;
	return 0;
}

static int flatten_within(uint64_t limit, const struct tarball *tars,
			  size_t count, struct memory *memory,
			  struct error *err)
{
	const struct flatten_options options = { .limit = limit };
	const struct tar_sink sink = { remember, memory };
	struct layer_source layers[LAYERS_MAX];
	int status;

	for (size_t i = 0; i < count; i++)
		layers[i] = (struct layer_source){ tarball_open(&tars[i]), 0,
						   tars[i].size };
	status = flatten_layers(layers, count, &options, &sink, err);
	for (size_t i = 0; i < count; i++)
		(void)close(layers[i].fd);
	return status;
}

static int flatten(const struct tarball *tars, size_t count,
		   struct memory *memory, struct error *err)
{
	return flatten_within(0, tars, count, memory, err);
}

/* "d/" "f=text" "s>target" "h&target", as in tarball_short(). */
static void describe(struct archive *a, struct archive_entry *e, FILE *out)
{
	char text[256] = "";
	la_ssize_t size = archive_read_data(a, text, sizeof(text));

	assert_true(size >= 0);
	fprintf(out, "%s", archive_entry_pathname(e));
	if (archive_entry_hardlink(e))
		fprintf(out, "&%s", archive_entry_hardlink(e));
	else if (archive_entry_filetype(e) == AE_IFLNK)
		fprintf(out, ">%s", archive_entry_symlink(e));
	else if (archive_entry_filetype(e) == AE_IFREG)
		fprintf(out, "=%.*s", (int)size, text);
	else if (archive_entry_filetype(e) == AE_IFIFO)
		fprintf(out, "|");
	fputc(' ', out);
}

static char *list(const struct memory *memory)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(archive_read_support_format_tar(a), ARCHIVE_OK);
	assert_int_equal(archive_read_open_memory(a, memory->bytes,
						  memory->size),
			 ARCHIVE_OK);
	while (archive_read_next_header(a, &e) != ARCHIVE_EOF)
		describe(a, e, out);
	archive_read_free(a);
	fclose(out);
	return text;
}

/* Layers as words, lowest first, and what they make. */
static const struct {
	const char *layers[LAYERS_MAX];
	const char *want;
} cases[] = {
	{ { "" }, "./ " },
	{ { "b=1 a/ a/c=2 a/b=3" }, "./ a/ a/b=3 a/c=2 b=1 " },
	{ { "a=1 b=1", "b=2 c=2" }, "./ a=1 b=2 c=2 " },
	{ { "a/ a/x=1 a/y=1", "a/ a/.wh.x= a/z=2" }, "./ a/ a/y=1 a/z=2 " },
	{ { "a/ a/x=1", ".wh.a=" }, "./ " },
	{ { "a/ a/x=1", ".wh.a=", "a/ a/y=3" }, "./ a/ a/y=3 " },
	/* A marker speaks of the layers below, in whatever order it comes. */
	{ { "a/ a/x=1", "a/y=2 .wh.a=" }, "./ a/ a/y=2 " },
	{ { "a/ a/x=1", "a/ a/y=2 a/.wh..wh..opq=" }, "./ a/ a/y=2 " },
	{ { "a=1 b=1", ".wh..wh..opq= c=2" }, "./ c=2 " },
	/* Other types take the place of all that was there. */
	{ { "a/ a/x=1", "a=2" }, "./ a=2 " },
	{ { "a=1", "a/ a/x=2" }, "./ a/ a/x=2 " },
	{ { "a>b b/ b/x=1", "a/y=2" }, "./ a/ a/y=2 b/ b/x=1 " },
	{ { "a=1", "a>b" }, "./ a>b " },
	/* Twice in one layer: the later one. */
	{ { "a=1 a=2 a=3", "b=1 b/ b/c=1" }, "./ a=3 b/ b/c=1 " },
	/* Hard links are of one layer; the first name is the file. */
	{ { "b=1 a&b c&b" }, "./ a=1 b&a c&a " },
	{ { "b=1 a&b c&b", "a=2" }, "./ a=2 b=1 c&b " },
	{ { "b=1 a&b", ".wh.a= .wh.b= c=1" }, "./ c=1 " },
	{ { "a&b b=1" }, "./ a=1 b&a " },
	{ { "b=1 a&b b=2" }, "./ a=1 b=2 " },
	{ { "s>t r&s p|" }, "./ p| r>t s>t " },
	/* What is deleted was not there; that is no matter. */
	{ { "a=1", ".wh.b= x/.wh.y=" }, "./ a=1 x/ " },
};

static void pack(struct tarball *t, const char *words)
{
	autofree char *copy = strdup(words);
	char *rest = copy;
	char *word;

	while ((word = strsep(&rest, " ")))
		if (*word)
			tarball_short(t, word);
	tarball_end(t);
}

static void layers_are_laid_upon_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct tarball tars[LAYERS_MAX] = { 0 };
		struct memory memory = { 0 };
		struct error err = { 0 };
		autofree char *found = NULL;
		size_t count = 0;

		for (; count < LAYERS_MAX && cases[i].layers[count]; count++)
			pack(&tars[count], cases[i].layers[count]);
		if (flatten(tars, count, &memory, &err) < 0)
			fail_msg("%s", err.msg);
		found = list(&memory);
		assert_string_equal(found, cases[i].want);
		for (size_t n = 0; n < count; n++)
			tarball_release(&tars[n]);
		free(memory.bytes);
	}
}

static struct archive *open_memory(const struct memory *memory)
{
	struct archive *a = archive_read_new();

	assert_int_equal(archive_read_support_format_tar(a), ARCHIVE_OK);
	assert_int_equal(archive_read_open_memory(a, memory->bytes,
						  memory->size),
			 ARCHIVE_OK);
	return a;
}

static void attributes_are_those_of_the_last_to_say(void **state)
{
	struct tarball tars[2] = { 0 };
	struct memory memory = { 0 };
	struct error err = { 0 };
	struct archive_entry *e;
	struct archive *a;
	const char *name;
	const void *value;
	size_t size;

	(void)state;
	tarball_add(&tars[0], &(struct tarball_entry){ .name = "d/",
						       .type = '5',
						       .mode = 0700,
						       .uid = 7,
						       .gid = 8,
						       .mtime = 9 });
	tarball_add(&tars[0], &(struct tarball_entry){ .name = "e/",
						       .type = '5',
						       .mode = 0700 });
	tarball_end(&tars[0]);
	/* d is implied here, and opaque: it keeps what it has itself. */
	tarball_short(&tars[1], "d/.wh..wh..opq=");
	tarball_pax_string(&tars[1], "SCHILY.xattr.user.x", "y=z");
	tarball_pax_string(&tars[1], "mtime", "10.75");
	tarball_add(&tars[1], &(struct tarball_entry){ .name = "d/f",
						       .mode = 04755,
						       .uid = 5000000 });
	tarball_add(&tars[1], &(struct tarball_entry){ .name = "e/",
						       .type = '5',
						       .mode = 0751 });
	tarball_add(&tars[1],
		    &(struct tarball_entry){
			    .name = "n", .type = '3', .major = 1, .minor = 3 });
	tarball_end(&tars[1]);
	assert_int_equal(flatten(tars, 2, &memory, &err), 0);

	a = open_memory(&memory);
	assert_int_equal(archive_read_next_header(a, &e), ARCHIVE_OK);
	assert_string_equal(archive_entry_pathname(e), "./");
	assert_int_equal(archive_read_next_header(a, &e), ARCHIVE_OK);
	assert_string_equal(archive_entry_pathname(e), "d/");
	assert_int_equal(archive_entry_perm(e), 0700);
	assert_int_equal(archive_entry_uid(e), 7);
	assert_int_equal(archive_entry_gid(e), 8);
	assert_int_equal(archive_entry_mtime(e), 9);
	assert_int_equal(archive_read_next_header(a, &e), ARCHIVE_OK);
	assert_string_equal(archive_entry_pathname(e), "d/f");
	assert_int_equal(archive_entry_perm(e), 04755);
	assert_int_equal(archive_entry_uid(e), 5000000);
	assert_int_equal(archive_entry_mtime(e), 10);
	assert_int_equal(archive_entry_mtime_nsec(e), 0);
	archive_entry_xattr_reset(e);
	assert_int_equal(archive_entry_xattr_next(e, &name, &value, &size),
			 ARCHIVE_OK);
	assert_string_equal(name, "user.x");
	assert_int_equal(size, 3);
	assert_memory_equal(value, "y=z", 3);
	assert_int_equal(archive_read_next_header(a, &e), ARCHIVE_OK);
	assert_int_equal(archive_entry_perm(e), 0751);
	assert_int_equal(archive_read_next_header(a, &e), ARCHIVE_OK);
	assert_int_equal(archive_entry_filetype(e), AE_IFCHR);
	assert_int_equal(archive_entry_rdev(e), makedev(1, 3));
	archive_read_free(a);
	for (size_t i = 0; i < 2; i++)
		tarball_release(&tars[i]);
	free(memory.bytes);
}

/* pax 1.0: the map is a part of the data. 3 bytes at 0, 4 at 100000. */
static void holes_are_filled(void **state)
{
	static const char map[] = "2\n0\n3\n100000\n4\n";
	char data[512 + 7] = "";
	AUTO(tarball) t = { 0 };
	struct memory memory = { 0 };
	struct error err = { 0 };
	struct archive_entry *e;
	struct archive *a;
	static char found[100004];

	(void)state;
	memcpy(data, map, sizeof(map) - 1);
	memcpy(data + 512, "abcdefg", 7);
	tarball_pax_string(&t, "GNU.sparse.major", "1");
	tarball_pax_string(&t, "GNU.sparse.minor", "0");
	tarball_pax_string(&t, "GNU.sparse.name", "sparse");
	tarball_pax_string(&t, "GNU.sparse.realsize", "100004");
	tarball_add(&t, &(struct tarball_entry){ .name = "s",
						 .data = data,
						 .size = sizeof(data) });
	tarball_file(&t, "z", "after");
	tarball_end(&t);
	if (flatten(&t, 1, &memory, &err) < 0)
		fail_msg("%s", err.msg);

	a = open_memory(&memory);
	assert_int_equal(archive_read_next_header(a, &e), ARCHIVE_OK);
	assert_int_equal(archive_read_next_header(a, &e), ARCHIVE_OK);
	assert_string_equal(archive_entry_pathname(e), "sparse");
	assert_int_equal(archive_entry_size(e), sizeof(found));
	assert_int_equal(archive_entry_sparse_count(e), 0);
	assert_int_equal(archive_read_data(a, found, sizeof(found)),
			 sizeof(found));
	assert_memory_equal(found, "abc\0", 4);
	assert_memory_equal(found + 99999, "\0defg", 5);
	archive_read_free(a);
	free(memory.bytes);
}

/* Of 10 bytes, and a hole of a terabyte before the last. */
static void what_is_too_large_is_refused_before_it_is_written(void **state)
{
	AUTO(tarball) hole = { 0 };
	AUTO(tarball) many = { 0 };
	struct memory memory = { 0 };
	struct error err = { 0 };

	(void)state;
	tarball_pax_string(&hole, "GNU.sparse.size", "1099511627776");
	tarball_pax_string(&hole, "GNU.sparse.map", "0,9,1099511627775,1");
	tarball_file(&hole, "f", "0123456789");
	assert_int_equal(flatten(&hole, 1, &memory, &err), -1);
	assert_int_equal(err.code, EFBIG);
	assert_string_equal(err.msg, "'f': the tar would be larger than "
				     "68719476736 bytes");
	assert_true(memory.size < 4096);

	for (size_t i = 0; i < 100; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "d%02zu/", i);
		tarball_directory(&many, name);
	}
	memory.size = 0;
	assert_int_equal(flatten_within(20000, &many, 1, &memory, &err), -1);
	assert_string_equal(err.msg, "'d39': the tar would be larger than "
				     "20000 bytes");
	memory.size = 0;
	assert_int_equal(flatten_within(60000, &many, 1, &memory, &err), 0);
	free(memory.bytes);
}

static void the_same_layers_give_the_same_bytes(void **state)
{
	struct tarball one = { 0 }, other = { 0 };
	struct memory first = { 0 }, second = { 0 };
	struct error err = { 0 };

	(void)state;
	pack(&one, "b=1 a/ a/x=1 c&b");
	pack(&other, "a/ b=1 a/x=0 c&b a/x=1");
	assert_int_equal(flatten(&one, 1, &first, &err), 0);
	assert_int_equal(flatten(&other, 1, &second, &err), 0);
	assert_int_equal(first.size, second.size);
	assert_memory_equal(first.bytes, second.bytes, first.size);
	tarball_release(&one);
	tarball_release(&other);
	free(first.bytes);
	free(second.bytes);
}

static void a_bad_layer_is_named(void **state)
{
	struct tarball tars[2] = { 0 };
	struct memory memory = { 0 };
	struct error err = { 0 };

	(void)state;
	pack(&tars[0], "a=1");
	pack(&tars[1], "../a=1");
	assert_int_equal(flatten(tars, 2, &memory, &err), -1);
	assert_string_equal(err.msg, "layer 2: entry '../a': '..' in the name");
	tarball_release(&tars[0]);
	tarball_release(&tars[1]);
	free(memory.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_are_laid_upon_each_other),
		cmocka_unit_test(attributes_are_those_of_the_last_to_say),
		cmocka_unit_test(holes_are_filled),
		cmocka_unit_test(
			what_is_too_large_is_refused_before_it_is_written),
		cmocka_unit_test(the_same_layers_give_the_same_bytes),
		cmocka_unit_test(a_bad_layer_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
