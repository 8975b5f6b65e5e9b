/* SPDX-License-Identifier: MIT */
/* member.c - names of members, and the list of them */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/image/member.h"

static const struct {
	const char *from;
	const char *path;
	const char *name; /* NULL: refused */
} names[] = {
	{ NULL, "manifest.json", "manifest.json" },
	{ NULL, "./manifest.json", "manifest.json" },
	{ NULL, ".//./a//b/", "a/b" },
	{ NULL, "a/../b", "b" },
	{ NULL, "a/./b", "a/b" },
	{ NULL, "..a/...", "..a/..." },
	{ NULL, "a\nb c", "a\nb c" },
	{ NULL, "", NULL },
	{ NULL, ".", NULL },
	{ NULL, "./", NULL },
	{ NULL, "a/..", NULL },
	{ NULL, "/etc/passwd", NULL },
	{ NULL, "..", NULL },
	{ NULL, "../x", NULL },
	{ NULL, "a/../../a", NULL },
	{ "id/layer.tar", "../hex.tar", "hex.tar" },
	{ "id/layer.tar", "other.tar", "id/other.tar" },
	{ "id/layer.tar", "../../etc/passwd", NULL },
	{ "id/layer.tar", "/etc/passwd", NULL },
	{ "a/b/c", "../d/../../e", "e" },
	{ "top", "x", "x" },
	{ "top", "../x", NULL },
};

static void names_are_followed_by_letters(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		autofree char *name = NULL;

		print_message("%s\n", names[i].path);
		errno = 0;
		name = member_name(names[i].from, names[i].path);
		if (names[i].name) {
			assert_non_null(name);
			assert_string_equal(name, names[i].name);
		} else {
			assert_null(name);
			assert_int_equal(errno, EINVAL);
		}
	}
}

static int add(struct members *members, const char *name, uint64_t size,
	       struct error *err)
{
	struct member member = { .name = strdup(name),
				 .target = strdup(""),
				 .size = size };

	return members_add(members, &member, err);
}

static void the_last_of_a_name_is_found(void **state)
{
	AUTO(members) members = { 0 };
	struct error err = { 0 };

	(void)state;
	members_sort(&members);
	assert_null(members_find(&members, "a"));
	for (uint64_t i = 0; i < 200; i++) {
		assert_int_equal(add(&members, "a", i, &err), 0);
		assert_int_equal(add(&members, "c", i, &err), 0);
	}
	assert_int_equal(add(&members, "b", 7, &err), 0);
	members_sort(&members);

	assert_int_equal(members.count, 3);
	assert_int_equal(members_find(&members, "a")->size, 199);
	assert_int_equal(members_find(&members, "b")->size, 7);
	assert_int_equal(members_find(&members, "c")->size, 199);
	assert_null(members_find(&members, "bb"));
}

static void too_many_members_are_refused(void **state)
{
	AUTO(members) members = { 0 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < MEMBERS_MAX; i++)
		assert_int_equal(add(&members, "a", i, &err), 0);
	assert_int_equal(add(&members, "b", 0, &err), -1);
	assert_int_equal(err.code, E2BIG);
	assert_string_equal(err.msg, "has more than 100000 members");
}

static void too_long_names_are_refused(void **state)
{
	AUTO(members) members = { 0 };
	struct error err = { 0 };
	static char name[1024 * 1024];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	for (size_t i = 0; i < 31; i++)
		assert_int_equal(add(&members, name, i, &err), 0);
	assert_int_equal(add(&members, name, 31, &err), -1);
	assert_int_equal(err.code, E2BIG);
	assert_string_equal(
		err.msg,
		"the names of its members have more than 33554432 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_followed_by_letters),
		cmocka_unit_test(the_last_of_a_name_is_found),
		cmocka_unit_test(too_many_members_are_refused),
		cmocka_unit_test(too_long_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
