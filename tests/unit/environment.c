/* SPDX-License-Identifier: MIT */
/* environment.c - what hooks find in their environment */
#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

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

static void a_shell_that_runs_can_be_given_what_is_plain(void **state)
{
	static const struct {
		const char *variable;
		bool plain;
	} cases[] = {
		{ "A=1", true },	  { "_a1=", true },
		{ "PATH=/bin", true },	  { "RANDOMS=1", true },
		{ "1A=1", false },	  { "a-b=1", false },
		{ "=1", false },	  { "a b=1", false },
		{ "\xc3\xa4=1", false },  { "UID=5", false },
		{ "RANDOM=1", false },	  { "IFS=x", false },
		{ "_=1", false },	  { "BASH_ENV=/x", false },
		{ "SHELLOPTS=x", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *one[] = { (char *)cases[i].variable, NULL };
		AUTO(environment) env = { 0 };
		struct error err = { 0 };

		print_message("%s\n", cases[i].variable);
		assert_int_equal(environment_make(&env, one, &err), 0);
		assert_int_equal(environment_is_plain(&env), cases[i].plain);
	}
}

static void it_is_printed_so_that_bash_reads_the_same_bytes(void **state)
{
	char *values[] = { (char *)"A=it's", (char *)"B=$(x)\n\xff\\\"", NULL };
	const struct environment env = { values, 2 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	environment_print(&env, out);
	(void)fclose(out);
	assert_string_equal(text, "builtin export A='it'\\''s'\n"
				  "builtin export B='$(x)\n\xff\\\"'\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_wins_and_the_last_of_a_name),
		cmocka_unit_test(a_shell_that_runs_can_be_given_what_is_plain),
		cmocka_unit_test(
			it_is_printed_so_that_bash_reads_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
