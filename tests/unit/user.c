/* SPDX-License-Identifier: MIT */
/* user.c - who a command runs as */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "guest/agent/user.h"

static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
			     "\n"
			     "broken\n"
			     "nohome:x:7:8::\n"
			     "app:x:1000:1001:An App:/home/app:/bin/sh\n"
			     "123:x:1002:1003::/home/digits:\n"
			     "twice:x:1000:5::/other:/bin/sh\n"
			     "huge:x:99999999999:5::/huge:/bin/sh\n"
			     "last:x:9:10::/last:/bin/sh";
static const char group[] = "root:x:0:\n"
			    "staff:x:50:other,app\n"
			    "app2:x:51:app2,xapp\n"
			    "wheel:x:60:app\n"
			    "77:x:61:\n"
			    "short:x\n"
			    "none:x:62:,,\n";

static void users_and_groups_by_name_and_by_number(void **state)
{
	static const struct {
		const char *spec;
		unsigned uid;
		unsigned gid;
		const char *home;
		size_t groups;
	} cases[] = {
		{ "", 0, 0, "/root", 0 },
		{ "root", 0, 0, "/root", 0 },
		{ "0", 0, 0, "/root", 0 },
		{ "app", 1000, 1001, "/home/app", 2 },
		{ "1000", 1000, 1001, "/home/app", 2 },
		{ "app:wheel", 1000, 60, "/home/app", 0 },
		{ "app:9", 1000, 9, "/home/app", 0 },
		{ "app:77", 1000, 61, "/home/app", 0 },
		{ "app:", 1000, 1001, "/home/app", 2 },
		{ ":staff", 0, 50, "/root", 0 },
		{ "4711", 4711, 0, "/", 0 },
		{ "4711:50", 4711, 50, "/", 0 },
		{ "123", 1002, 1003, "/home/digits", 0 },
		{ "nohome", 7, 8, "/", 0 },
		{ "last", 9, 10, "/last", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(user) user = { 0 };
		struct error err = { 0 };

		print_message("%s\n", cases[i].spec);
		assert_int_equal(user_find(&user, cases[i].spec, passwd, group,
					   &err),
				 0);
		assert_int_equal(user.uid, cases[i].uid);
		assert_int_equal(user.gid, cases[i].gid);
		assert_string_equal(user.home, cases[i].home);
		assert_int_equal(user.group_count, cases[i].groups);
	}
}

static void supplementary_groups_are_those_that_list_the_user(void **state)
{
	AUTO(user) user = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(user_find(&user, "app", passwd, group, &err), 0);
	assert_int_equal(user.groups[0], 50);
	assert_int_equal(user.groups[1], 60);
}

static void who_is_not_there_is_named(void **state)
{
	static const struct {
		const char *spec;
		const char *message;
	} cases[] = {
		{ "nemo", "no user 'nemo' in the image's /etc/passwd" },
		{ "huge", "no user 'huge' in the image's /etc/passwd" },
		{ "99999999999",
		  "no user '99999999999' in the image's /etc/passwd" },
		{ "4294967295",
		  "no user '4294967295' in the image's /etc/passwd" },
		{ "-1", "no user '-1' in the image's /etc/passwd" },
		{ "app:nemo", "no group 'nemo' in the image's /etc/group" },
		{ "app:short", "no group 'short' in the image's /etc/group" },
		{ "a/../b", "no user 'a/../b' in the image's /etc/passwd" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(user) user = { 0 };
		struct error err = { 0 };

		assert_int_equal(user_find(&user, cases[i].spec, passwd, group,
					   &err),
				 -1);
		assert_int_equal(err.code, EINVAL);
		assert_string_equal(err.msg, cases[i].message);
	}
}

static void an_image_without_the_files_has_root_and_numbers(void **state)
{
	AUTO(user) root = { 0 };
	AUTO(user) number = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(user_find(&root, "", "", "", &err), 0);
	assert_string_equal(root.home, "/root");
	assert_int_equal(user_find(&number, "5:6", "", "", &err), 0);
	assert_int_equal(number.uid, 5);
	assert_int_equal(number.gid, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_and_groups_by_name_and_by_number),
		cmocka_unit_test(
			supplementary_groups_are_those_that_list_the_user),
		cmocka_unit_test(who_is_not_there_is_named),
		cmocka_unit_test(
			an_image_without_the_files_has_root_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
