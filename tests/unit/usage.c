/* SPDX-License-Identifier: MIT */
/* usage.c - one table parses, refuses and prints */
#include "tests/unit/unit.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/cli/usage.h"

static const struct usage_option options[] = {
	{ "long", 'l', NULL, "one\ntwo", NULL },
	{ "from", 0, "REF", "three", NULL },
};
static const struct usage usage = { "a b", options, COUNT_OF(options) };

static void options_come_by_their_index(void **state)
{
	char *argv[] = { (char *)"b",	     (char *)"-l", (char *)"word",
			 (char *)"--from",   (char *)"x",  (char *)"--long",
			 (char *)"--from=y", NULL };
	static const int want[] = { 0, 1, 0, 1, USAGE_END };
	static const char *const values[] = { NULL, "x", NULL, "y", NULL };
	struct error err = { 0 };
	const char *value;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		assert_int_equal(usage_next(&usage, i == 0, 7, argv, &value,
					    &err),
				 want[i]);
		if (values[i])
			assert_string_equal(value, values[i]);
	}
	assert_int_equal(optind, 6);
	assert_string_equal(argv[optind], "word");
}

static void what_is_not_in_the_table_is_refused(void **state)
{
	static const char *const cases[][2] = {
		{ "--form=x", "unknown option '--form=x' (did you mean "
			      "'--from'? try 'overlayvm a b --help')" },
		{ "--other",
		  "unknown option '--other' (try 'overlayvm a b --help')" },
		{ "--long=x",
		  "unknown option '--long=x' (try 'overlayvm a b --help')" },
		{ "--from", "option '--from' needs a value (try 'overlayvm a "
			    "b --help')" },
		{ "-xl", "unknown option '-x' (try 'overlayvm a b --help')" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *argv[] = { (char *)"b", (char *)cases[i][0], NULL };
		struct error err = { 0 };
		const char *value;

		assert_int_equal(usage_next(&usage, true, 2, argv, &value,
					    &err),
				 USAGE_REFUSED);
		assert_string_equal(err.msg, cases[i][1]);
	}
}

static void help_is_in_columns(void **state)
{
	autofree char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	usage_print_options(&usage, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "  -l, --long   one\n"
				  "               two\n"
				  "  --from REF   three\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_come_by_their_index),
		cmocka_unit_test(what_is_not_in_the_table_is_refused),
		cmocka_unit_test(help_is_in_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
