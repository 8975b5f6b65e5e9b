/* SPDX-License-Identifier: MIT */
/* escape.c - what strangers print, on a terminal */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/text/escape.h"

static char *escaped(const char *bytes, size_t size, size_t step)
{
	struct escape escape = { 0 };
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	for (size_t i = 0; i < size; i += step)
		escape_print(&escape, bytes + i,
			     size - i < step ? size - i : step, out);
	escape_finish(&escape, out);
	(void)fclose(out);
	return text;
}

static void only_what_shows_passes(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *want;
	} cases[] = {
		{ "plain text\n\tline\n", 17, "plain text\n\tline\n" },
		{ "\033[31mred\033[0m", 12, "^[[31mred^[[0m" },
		{ "\033]0;title\007", 10, "^[]0;title^G" },
		{ "a\0b\r\n", 5, "a^@b^M\n" },
		{ "\x7f\b", 2, "^?^H" },
		{ "gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f" },
		{ "\xe2\x82\xac \xf0\x9f\x90\xa7", 8,
		  "\xe2\x82\xac \xf0\x9f\x90\xa7" },
		{ "\xc2\x9b"
		  "31m",
		  5, "\\xc2\\x9b31m" },
		{ "\xc0\xaf", 2, "\\xc0\\xaf" },
		{ "\xe0\x80\xaf", 3, "\\xe0\\x80\\xaf" },
		{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" },
		{ "\xff\xfe", 2, "\\xff\\xfe" },
		{ "\xe2\x82"
		  "x",
		  3, "\\xe2\\x82x" },
		{ "\xf0\x9f", 2, "\\xf0\\x9f" },
		{ "\x80", 1, "\\x80" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (size_t step = 1; step < 4; step++) {
			autofree char *text =
				escaped(cases[i].bytes, cases[i].size, step);

			assert_string_equal(text, cases[i].want);
		}
}

static void a_line_stays_one(void **state)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	escape_print_line("open 'a\nb\033\xff\xc3\xa4\xc3'", out);
	(void)fclose(out);
	assert_string_equal(text, "open 'a^Jb^[\\xff\xc3\xa4\\xc3'\n");
	free(text);
}

static void characters_are_measured(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} cases[] = {
		{ "a", 1 },
		{ "\xc3\xa4", 2 },
		{ "\xe2\x82\xac", 3 },
		{ "\xf0\x9f\x90\xa7", 4 },
		{ "\xff", 0 },
		{ "\xc3", 0 },
		{ "\xe2\x82x", 0 },
		{ "\xc2\x9b", 0 },
		{ "\xed\xa0\x80", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(escape_character(cases[i].text),
				 cases[i].length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_shows_passes),
		cmocka_unit_test(a_line_stays_one),
		cmocka_unit_test(characters_are_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
