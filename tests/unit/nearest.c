/* SPDX-License-Identifier: MIT */
/* nearest.c - which word was meant, and how that is said */
#include "tests/unit/unit.h"

#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/plan/nearest.h"

static void distance_counts_what_must_be_changed(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		size_t distance;
	} cases[] = {
		{ "", "", 0 },
		{ "", "abc", 3 },
		{ "abc", "", 3 },
		{ "name", "Name", 0 },
		{ "diskSise", "diskSize", 1 },
		{ "nmae", "name", 1 },
		{ "disk", "diskSize", 4 },
		{ "kitten", "sitting", 3 },
		{ "postMuont", "postMount", 1 },
		{ "ca", "abc", 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(nearest_distance(cases[i].a, cases[i].b),
				 cases[i].distance);
		assert_int_equal(nearest_distance(cases[i].b, cases[i].a),
				 cases[i].distance);
	}
}

static void a_word_beyond_all_bounds_is_near_to_nothing(void **state)
{
	char word[NEAREST_WORD_MAX + 2];

	(void)state;
	memset(word, 'a', sizeof(word));
	word[NEAREST_WORD_MAX] = '\0';
	assert_int_equal(nearest_distance(word, word), 0);
	word[NEAREST_WORD_MAX] = 'a';
	word[NEAREST_WORD_MAX + 1] = '\0';
	assert_true(nearest_distance(word, word) == SIZE_MAX);
}

static void the_nearest_is_named_if_it_is_near(void **state)
{
	static const struct {
		const char *word;
		const char *found;
	} cases[] = {
		{ "outpt", "output" }, { "output-imag", "output-image" },
		{ "x", "y" },	       { "outputs", "output" },
		{ "foo", NULL },       { "", "y" },
		{ "out", NULL },
	};
	static const char *const words[] = { "output-image", "output", "y" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct nearest nearest = { .word = cases[i].word };

		for (size_t j = 0; j < COUNT_OF(words); j++)
			nearest_offer(&nearest, words[j]);
		if (cases[i].found)
			assert_string_equal(nearest.found, cases[i].found);
		else
			assert_null(nearest.found);
	}
}

static void what_is_refused_is_one_line(void **state)
{
	const struct nearest near = { .word = "a", .found = "b" };
	const struct nearest far = { .word = "a" };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(nearest_refuse(&near, "unknown key", "a", "", NULL,
					&err),
			 -1);
	assert_string_equal(err.msg, "unknown key 'a' (did you mean 'b'?)");
	(void)nearest_refuse(&near, "unknown option", "--a", "--", "try it",
			     &err);
	assert_string_equal(err.msg, "unknown option '--a' (did you mean "
				     "'--b'? try it)");
	(void)nearest_refuse(&far, "no", "a", "", "try it", &err);
	assert_string_equal(err.msg, "no 'a' (try it)");
	(void)nearest_refuse(&far, "no", "a", "", NULL, &err);
	assert_string_equal(err.msg, "no 'a'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_counts_what_must_be_changed),
		cmocka_unit_test(a_word_beyond_all_bounds_is_near_to_nothing),
		cmocka_unit_test(the_nearest_is_named_if_it_is_near),
		cmocka_unit_test(what_is_refused_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
