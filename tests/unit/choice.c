/* SPDX-License-Identifier: MIT */
/* choice.c - which image of several: what the user's REF can mean */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/image/choice.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *text;
	enum choice_kind kind;
	size_t place;
} good[] = {
	{ NULL, CHOICE_FIRST, 0 },	 { "@0", CHOICE_PLACE, 0 },
	{ "@12", CHOICE_PLACE, 12 },	 { "@007", CHOICE_PLACE, 7 },
	{ "busybox:1", CHOICE_NAME, 0 }, { "a@b", CHOICE_NAME, 0 },
	{ HEX, CHOICE_NAME, 0 },
};

static void places_and_names_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct choice choice;
		struct error err = { 0 };

		assert_int_equal(choice_make(&choice, good[i].text, &err), 0);
		assert_int_equal(choice.kind, good[i].kind);
		assert_int_equal(choice.place, good[i].place);
	}
}

static void what_is_no_place_is_refused(void **state)
{
	static const char *const bad[] = {
		"@", "@-1", "@x", "@1x", "@ 1", "@1234567", "@0x1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct choice choice;
		struct error err = { 0 };
		char want[100];

		print_message("%s\n", bad[i]);
		assert_int_equal(choice_make(&choice, bad[i], &err), -1);
		assert_int_equal(err.code, EINVAL);
		snprintf(want, sizeof(want),
			 "'%s' is not '@' and a number, from 0", bad[i]);
		assert_string_equal(err.msg, want);
	}
}

static const struct {
	const char *text;
	bool is_id;
} ids[] = {
	{ HEX, true },
	{ "sha256:" HEX, true },
	{ "0123456789ab", true },
	{ "sha256:0123456789abc", true },
	{ "0123456789a", false },
	{ "sha256:0123456789a", false },
	{ "0123456789ac", false },
	{ "0123456789AB", false },
	{ HEX "0", false },
	{ "sha512:0123456789ab", false },
	{ "sha256:sha256:0123456789ab", false },
	{ "", false },
};

static void an_id_may_be_shortened(void **state)
{
	const struct digest id = { HEX };
	const struct digest unknown = { "" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		const struct choice choice = { CHOICE_NAME, 0, ids[i].text };

		print_message("%s\n", ids[i].text);
		assert_int_equal(choice_is_id(&choice, &id), ids[i].is_id);
		assert_false(choice_is_id(&choice, &unknown));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_and_names_are_told_apart),
		cmocka_unit_test(what_is_no_place_is_refused),
		cmocka_unit_test(an_id_may_be_shortened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
