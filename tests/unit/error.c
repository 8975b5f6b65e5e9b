/* SPDX-License-Identifier: MIT */
/* error.c - the error box */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/error.h"

static void errno_is_appended(void **state)
{
	struct error err = { 0 };

	(void)state;
	errno = ENOENT;
	assert_int_equal(error_errno(&err, "open '%s'", "x"), -1);
	assert_int_equal(err.code, ENOENT);
	assert_string_equal(err.msg, "open 'x': No such file or directory");
}

static void prefixes_pile_up_in_front(void **state)
{
	struct error err = { 0 };

	(void)state;
	error_set(&err, EINVAL, "no good");
	error_prefix(&err, "layer %d", 3);
	error_prefix(&err, "image '%s'", "a.tar");
	assert_int_equal(err.code, EINVAL);
	assert_string_equal(err.msg, "image 'a.tar': layer 3: no good");
}

static void control_characters_are_replaced(void **state)
{
	struct error err = { 0 };

	(void)state;
	error_set(&err, 0, "name '%s'", "a\n\033[31mb\x7f");
	assert_string_equal(err.msg, "name 'a??[31mb?'");
}

static void long_messages_are_cut(void **state)
{
	char name[4096];
	struct error err = { 0 };

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	error_set(&err, 0, "%s", name);
	error_prefix(&err, "%s", name);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
}

static void errno_travels_by_name(void **state)
{
	(void)state;
	assert_string_equal(error_name(ENOSPC), "ENOSPC");
	assert_int_equal(error_code("ENOSPC"), ENOSPC);
	assert_string_equal(error_name(0), "");
	assert_string_equal(error_name(9999), "");
	assert_int_equal(error_code("ENOSUCHERROR"), 0);
	assert_int_equal(error_code(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errno_is_appended),
		cmocka_unit_test(prefixes_pile_up_in_front),
		cmocka_unit_test(control_characters_are_replaced),
		cmocka_unit_test(long_messages_are_cut),
		cmocka_unit_test(errno_travels_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
