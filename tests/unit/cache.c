/* SPDX-License-Identifier: MIT */
/* cache.c - directories that are kept from run to run */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/layer/cache.h"
#include "tests/unit/tree.h"

static void thing(const char *path, time_t used)
{
	char file[64];

	tree_dir(path);
	(void)snprintf(file, sizeof(file), "%s/file", path);
	tree_file(file, "content");
	tree_time(path, used);
}

static int setup(void **state)
{
	if (tree_setup(state) < 0)
		return -1;
	tree_dir("cache");
	tree_dir("cache/layers");
	tree_dir("cache/templates");
	thing("cache/layers/b", 2000);
	thing("cache/layers/c", 3000);
	thing("cache/templates/a", 1000);
	/* What is no thing: being made, being removed, somebody's file. */
	tree_dir("cache/layers/new.XXXXXX");
	tree_file("cache/layers/b.lock", "");
	tree_file("cache/layers/file", "");
	return 0;
}

static void list_all(struct cache_list *list)
{
	struct error err = { 0 };

	if (cache_list_all(list, "cache", &err) < 0)
		fail_msg("%s", err.msg);
}

static void all_things_are_listed_the_oldest_first(void **state)
{
	AUTO(cache_list) list = { 0 };

	(void)state;
	list_all(&list);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].kind, "templates");
	assert_string_equal(list.items[0].name, "a");
	assert_string_equal(list.items[0].path, "cache/templates/a");
	assert_int_equal(list.items[0].used, 1000);
	assert_false(list.items[0].in_use);
	assert_true(list.items[0].size >= 4096);
	assert_string_equal(list.items[1].name, "b");
	assert_string_equal(list.items[2].name, "c");
}

static void no_cache_is_an_empty_list(void **state)
{
	AUTO(cache_list) list = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(cache_list_all(&list, "nowhere", &err), 0);
	assert_int_equal(list.count, 0);
}

static void use_is_noted_and_shown(void **state)
{
	AUTO(cache_list) list = { 0 };
	struct error err = { 0 };
	autoclose int fd = cache_use("cache/templates/a", &err);
	autoclose int again = cache_use("cache/templates/a", &err);

	(void)state;
	assert_true(fd >= 0 && again >= 0);
	list_all(&list);
	assert_string_equal(list.items[2].name, "a");
	assert_true(list.items[2].used > 1000000000);
	assert_true(list.items[2].in_use);
	assert_false(list.items[0].in_use);
}

static void what_is_not_there_cannot_be_used(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(cache_use("cache/layers/x", &err), -1);
	assert_int_equal(err.code, ENOENT);
	assert_int_equal(symlink("b", "cache/layers/link"), 0);
	assert_int_equal(cache_use("cache/layers/link", &err), -1);
}

static void what_others_own_is_not_used(void **state)
{
	struct error err = { 0 };

	(void)state;
	if (chown("cache/layers/b", 12345, 12345) < 0)
		skip();
	assert_int_equal(cache_use("cache/layers/b", &err), -1);
	assert_int_equal(err.code, EPERM);
	assert_string_equal(err.msg,
			    "'cache/layers/b' belongs to another user");
}

static void the_least_recently_used_go_first(void **state)
{
	AUTO(cache_list) list = { 0 };
	struct error err = { 0 };
	uint64_t freed, total;
	size_t removed;

	(void)state;
	list_all(&list);
	total = list.items[0].size + list.items[1].size + list.items[2].size;
	assert_int_equal(cache_trim(&list, total, &freed, &removed, &err), 0);
	assert_int_equal(removed, 0);
	assert_int_equal(cache_trim(&list, total - 1, &freed, &removed, &err),
			 0);
	assert_int_equal(removed, 1);
	assert_int_equal(freed, list.items[0].size);
	assert_false(tree_has("cache/templates/a"));
	assert_true(tree_has("cache/layers/b"));
	/* Nothing of it is left under another name. */
	assert_int_equal(rmdir("cache/templates"), 0);
}

static void what_is_in_use_stays(void **state)
{
	AUTO(cache_list) list = { 0 };
	struct error err = { 0 };
	autoclose int fd = cache_use("cache/layers/b", &err);
	uint64_t freed;
	size_t removed;

	(void)state;
	list_all(&list);
	assert_int_equal(cache_trim(&list, 0, &freed, &removed, &err), 0);
	assert_int_equal(removed, 2);
	assert_true(tree_has("cache/layers/b/file"));
	assert_false(tree_has("cache/layers/c"));
	assert_true(tree_has("cache/layers/file"));
}

static void a_new_thing_takes_the_place_of_an_old_one(void **state)
{
	struct error err = { 0 };

	(void)state;
	tree_dir("cache/layers/new.1");
	tree_file("cache/layers/new.1/newer", "");
	assert_int_equal(cache_put("cache/layers/new.1", "cache/layers/b",
				   &err),
			 0);
	assert_true(tree_has("cache/layers/b/newer"));
	assert_false(tree_has("cache/layers/b/file"));
	assert_int_equal(cache_put("cache/layers/b", "cache/layers/file", &err),
			 0);
	assert_true(tree_has("cache/layers/file/newer"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_things_are_listed_the_oldest_first),
		TEST(no_cache_is_an_empty_list),
		TEST(use_is_noted_and_shown),
		TEST(what_is_not_there_cannot_be_used),
		TEST(what_others_own_is_not_used),
		TEST(the_least_recently_used_go_first),
		TEST(what_is_in_use_stays),
		TEST(a_new_thing_takes_the_place_of_an_old_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
