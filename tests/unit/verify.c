/* SPDX-License-Identifier: MIT */
/* verify.c - layers against a census of the tree that they should make */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/census.h"
#include "host/layer/verify.h"
#include "tests/unit/tarball.h"

#define PATHS_MAX 16

/* A tree as the guest has seen it: what two layers below make. */
struct seen {
	const char *path;
	mode_t mode;
	uid_t uid;
	int64_t mtime;
	const char *text; /* of a file; target of a symlink */
	const char *first;
	const char *xattr; /* value of user.x, or NULL */
	dev_t rdev;
};

/* XXH64 of "one", "two" and of nothing, seed 0: from xxhsum -H64. */
static uint64_t hash_of(const char *text)
{
	if (strcmp(text, "one") == 0)
		return UINT64_C(0x363b02a42408a1f6);
	if (strcmp(text, "two") == 0)
		return UINT64_C(0xc3d9ab4fecf4448b);
	return UINT64_C(0xef46db3751d8e999);
}

static const struct seen tree[PATHS_MAX] = {
	{ "", S_IFDIR | 0755, 0, 5, NULL, NULL, NULL, 0 },
	{ "a", S_IFREG | 0644, 7, 100, "two", NULL, "y", 0 },
	{ "d", S_IFDIR | 0755, 0, 5, NULL, NULL, NULL, 0 },
	{ "d/x", S_IFREG | 0644, 0, 5, "one", NULL, NULL, 0 },
	{ "d/y", S_IFREG | 0644, 0, 5, "one", "d/x", NULL, 0 },
	{ "d-e", S_IFLNK | 0777, 0, 5, "d", NULL, NULL, 0 },
	{ "n", S_IFCHR | 0644, 0, 5, NULL, NULL, NULL, 0x103 },
};

static void entry(struct tarball *t, struct tarball_entry e, int64_t mtime)
{
	e.mtime = mtime;
	tarball_add(t, &e);
}

static void make_layers(struct tarball tars[2])
{
	entry(&tars[0], (struct tarball_entry){ .name = "./", .type = '5' }, 5);
	entry(&tars[0], (struct tarball_entry){ .name = "a", .data = "one" },
	      5);
	entry(&tars[0], (struct tarball_entry){ .name = "gone", .data = "one" },
	      5);
	entry(&tars[0], (struct tarball_entry){ .name = "d/", .type = '5' }, 5);
	entry(&tars[0], (struct tarball_entry){ .name = "d/x", .data = "one" },
	      5);
	entry(&tars[0],
	      (struct tarball_entry){
		      .name = "d/y", .type = '1', .link = "d/x" },
	      5);
	tarball_end(&tars[0]);
	tarball_short(&tars[1], ".wh.gone=");
	tarball_pax_string(&tars[1], "SCHILY.xattr.user.x", "y");
	entry(&tars[1],
	      (struct tarball_entry){ .name = "a", .uid = 7, .data = "two" },
	      50);
	entry(&tars[1],
	      (struct tarball_entry){
		      .name = "d-e", .type = '2', .link = "d", .mode = 0777 },
	      5);
	entry(&tars[1],
	      (struct tarball_entry){
		      .name = "n", .type = '3', .major = 1, .minor = 3 },
	      5);
	tarball_end(&tars[1]);
}

static void print(const struct seen *seen, FILE *out)
{
	const struct layer_xattr xattr = { "user.x", seen->xattr, 1 };
	const struct layer_entry e = {
		.path = seen->path,
		.mode = seen->mode,
		.uid = seen->uid,
		.mtime = { seen->mtime, 999 },
		.rdev = seen->rdev,
		.size = seen->text ? strlen(seen->text) : 0,
		.target = seen->text,
		.xattrs = &xattr,
		.xattr_count = seen->xattr ? 1 : 0,
	};

	census_print(&e, hash_of(seen->text ? seen->text : ""), seen->first,
		     out);
}

/* Compare the layers with a census; NULL if they agree, else why not. */
static const char *compare(const struct seen *seen, size_t cut)
{
	static struct error err;
	struct tarball tars[2] = { 0 };
	struct layer_source layers[2];
	FILE *census = tmpfile();
	struct verify verify = { layers, 2, fileno(census), true, 50, 0, 0 };
	int status;

	make_layers(tars);
	for (size_t i = 0; i < 2; i++)
		layers[i] = (struct layer_source){ tarball_open(&tars[i]), 0,
						   tars[i].size };
	for (size_t i = 0; i < PATHS_MAX && seen[i].path; i++)
		print(&seen[i], census);
	assert_int_equal(fflush(census), 0);
	if (cut > 0)
		assert_int_equal(ftruncate(fileno(census),
					   ftell(census) - (long)cut),
				 0);
	err = (struct error){ 0 };
	status = verify_compare(&verify, &err);
	for (size_t i = 0; i < 2; i++) {
		(void)close(layers[i].fd);
		tarball_release(&tars[i]);
	}
	(void)fclose(census);
	return status < 0 ? err.msg : NULL;
}

static void the_same_tree_is_the_same(void **state)
{
	(void)state;
	assert_null(compare(tree, 0));
}

#define IN_MERGED " in the merged tree, "
#define IN_LAYERS " in what the layers make"

static void the_first_difference_is_named(void **state)
{
	static const struct {
		size_t at;
		struct seen seen;
		const char *message;
	} cases[] = {
		{ 1,
		  { "a", S_IFREG | 0600, 7, 100, "two", NULL, "y", 0 },
		  "'a': mode is '0600'" IN_MERGED "'0644'" IN_LAYERS },
		{ 1,
		  { "a", S_IFREG | 0644, 8, 100, "two", NULL, "y", 0 },
		  "'a': owner is '8:0'" IN_MERGED "'7:0'" IN_LAYERS },
		{ 1,
		  { "a", S_IFREG | 0644, 7, 49, "two", NULL, "y", 0 },
		  "'a': mtime is '49'" IN_MERGED "'50'" IN_LAYERS },
		{ 1,
		  { "a", S_IFREG | 0644, 7, 100, "one", NULL, "y", 0 },
		  "'a': content is '3 bytes, 363b02a42408a1f6'" IN_MERGED
		  "'3 bytes, c3d9ab4fecf4448b'" IN_LAYERS },
		{ 1,
		  { "a", S_IFREG | 0644, 7, 100, "two", NULL, NULL, 0 },
		  "'a': xattrs is ''" IN_MERGED
		  "'user.x=c13a0c34a1ba3fb2'" IN_LAYERS },
		{ 2,
		  { "d", S_IFREG | 0755, 0, 5, "one", NULL, NULL, 0 },
		  "'d': type is 'file'" IN_MERGED "'directory'" IN_LAYERS },
		{ 3,
		  { "d/x", S_IFREG | 0644, 0, 6, "one", NULL, NULL, 0 },
		  "'d/x': mtime is '6'" IN_MERGED "'5'" IN_LAYERS },
		{ 4,
		  { "d/y", S_IFREG | 0644, 0, 5, "one", NULL, NULL, 0 },
		  "'d/y': first name is ''" IN_MERGED "'d/x'" IN_LAYERS },
		{ 4,
		  { "d/z", S_IFREG | 0644, 0, 5, "one", "d/x", NULL, 0 },
		  "'d/y' is in what the layers make, but not in the merged "
		  "tree" },
		{ 5,
		  { "d-a", S_IFLNK | 0777, 0, 5, "d", NULL, NULL, 0 },
		  "'d-a' is in the merged tree, but not in what the layers "
		  "make" },
		{ 5,
		  { "d-e", S_IFLNK | 0777, 0, 5, "e", NULL, NULL, 0 },
		  "'d-e': content is 'e'" IN_MERGED "'d'" IN_LAYERS },
		{ 6,
		  { "n", S_IFCHR | 0644, 0, 5, NULL, NULL, NULL, 0x105 },
		  "'n': content is '1:5'" IN_MERGED "'1:3'" IN_LAYERS },
		{ 6,
		  { NULL, 0, 0, 0, NULL, NULL, NULL, 0 },
		  "'n' is in what the layers make, but not in the merged "
		  "tree" },
		{ 7,
		  { "o", S_IFREG | 0644, 0, 5, "one", NULL, NULL, 0 },
		  "'o' is in the merged tree, but not in what the layers "
		  "make" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct seen seen[PATHS_MAX];

		memcpy(seen, tree, sizeof(tree));
		seen[cases[i].at] = cases[i].seen;
		assert_string_equal(compare(seen, 0), cases[i].message);
	}
}

static void what_is_cut_short_is_no_census(void **state)
{
	static const char message[] =
		"the guest's census of the merged tree is cut short, or no "
		"census";

	(void)state;
	assert_string_equal(compare(tree, 1), message);
	assert_string_equal(compare(tree, 9), message);
}

static void what_is_in_a_directory_follows_it(void **state)
{
	static const char *const sorted[] = { "",    "a",   "a/b", "a/b/c",
					      "a/c", "a b", "a-b", "a.b",
					      "ab",  "b",   "\xff" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sorted); i++)
		for (size_t j = 0; j < COUNT_OF(sorted); j++) {
			int order = verify_order(sorted[i], sorted[j]);

			assert_int_equal((order > 0) - (order < 0),
					 (i > j) - (i < j));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_tree_is_the_same),
		cmocka_unit_test(the_first_difference_is_named),
		cmocka_unit_test(what_is_cut_short_is_no_census),
		cmocka_unit_test(what_is_in_a_directory_follows_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
