/* SPDX-License-Identifier: MIT */
/* view.c - what is seen of a step, at every width */
#include "tests/unit/unit.h"

#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/cli/view.h"

#define SECOND UINT64_C(1000000000)
#define MIB    UINT64_C(1048576)

static void a_step_shows_what_is_known(void **state)
{
	static const struct {
		struct view view;
		const char *line;
	} cases[] = {
		{ { 40, false, "boot", SECOND / 2, 0, 0 },
		  "=> boot                            0.5s" },
		{ { 40, false, "send", 61 * SECOND, 3 * MIB, 0 },
		  "=> send                  3.0 MiB  1m01s" },
		{ { 60, false, "verify", SECOND, MIB, 2 * MIB },
		  "=> verify    [==========>         ] 1.0 MiB / 2.0 MiB  "
		  "1.0s" },
		{ { 0, false, "a", 0, 9 * MIB, 2 * MIB },
		  "=> a                             "
		  "[====================] 2.0 MiB / 2.0 MiB  0.0s" },
		/* First the bar goes, then the bytes, then the name. */
		{ { 40, false, "verify", SECOND, MIB, 2 * MIB },
		  "=> verify       1.0 MiB / 2.0 MiB  1.0s" },
		{ { 24, false, "verify", SECOND, MIB, 2 * MIB },
		  "=> verify          1.0s" },
		{ { 14, false, "verify", SECOND, MIB, 2 * MIB },
		  "=> veri  1.0s" },
		{ { 9, false, "verify", SECOND, MIB, 2 * MIB }, "" },
		{ { 1, false, "verify", SECOND, MIB, 2 * MIB }, "" },
		/* Nothing of a stranger's reaches the terminal. */
		{ { 24, false, "a\033[2Jb\xff\n", 0, 0, 0 },
		  "=> a?[2Jb??        0.0s" },
		{ { 16, true, "a", 0, 0, 0 }, "\033[1m=> a       0.0s\033[0m" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char line[VIEW_LINE_MAX];

		assert_string_equal(view_running(line, &cases[i].view),
				    cases[i].line);
	}
}

static void no_line_is_as_wide_as_the_terminal(void **state)
{
	char name[400];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (unsigned columns = 1; columns < 400; columns++)
		for (uint64_t done = 0; done < 100 * MIB; done += 33 * MIB) {
			const struct view view = { columns, false,
						   name,    SECOND * columns,
						   done,    50 * MIB };
			char line[VIEW_LINE_MAX];

			assert_true(strlen(view_running(line, &view)) <
				    columns);
			assert_true(strlen(view_ended(line, &view)) < columns);
			assert_true(strlen(line) < VIEW_COLUMNS_MAX);
		}
}

static void an_ended_step_has_no_bar(void **state)
{
	const struct view view = { 60, false, "verify", SECOND, MIB, 2 * MIB };
	char line[VIEW_LINE_MAX];

	(void)state;
	assert_string_equal(view_ended(line, &view),
			    "=> verify                                "
			    "     1.0 MiB  1.0s");
}

static void the_layer_is_summed_up(void **state)
{
	const struct view_layer layer = { 12, 3, 4 * MIB + MIB / 2,
					  2 * SECOND };
	char line[VIEW_LINE_MAX];

	(void)state;
	assert_string_equal(view_summary(line, &layer, 80, false),
			    "12 added or changed, 3 deleted; 4.5 MiB; 2.0s in "
			    "all");
	assert_string_equal(view_summary(line, &layer, 11, false),
			    "12 added o");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_shows_what_is_known),
		cmocka_unit_test(no_line_is_as_wide_as_the_terminal),
		cmocka_unit_test(an_ended_step_has_no_bar),
		cmocka_unit_test(the_layer_is_summed_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
