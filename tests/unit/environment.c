/* SPDX-License-Identifier: MIT */
/* environment.c - what hooks find in their environment */
#include "tests/unit/unit.h"

#include "guest/agent/environment.h"

static char *given[] = { (char *)"name=x", (char *)"PATH=/opt", (char *)"A=1",
			 (char *)"A=2=3", NULL };

static void what_is_given_wins_and_the_last_of_a_name(void **state)
{
	static const char *const want[] = {
		"HOME=/root",	 "LC_ALL=C", "PATH=/opt", "TMPDIR=/tmp",
		"out=/disk/out", "name=x",   "A=2=3",
	};
	AUTO(environment) env = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(environment_make(&env, given, &err), 0);
	assert_int_equal(env.count, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++)
		assert_string_equal(env.values[i], want[i]);
	assert_null(env.values[env.count]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_wins_and_the_last_of_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
