/* SPDX-License-Identifier: MIT */
/* whiteout.c - what the names of markers say */
#include "tests/unit/unit.h"

#include "guest/shared/cleanup.h"
#include "guest/shared/whiteout.h"

static const struct {
	const char *base;
	enum whiteout kind;
	const char *hidden;
} names[] = {
	{ "passwd", WHITEOUT_NONE, NULL },
	{ "", WHITEOUT_NONE, NULL },
	{ "a.wh.b", WHITEOUT_NONE, NULL },
	{ ".wh", WHITEOUT_NONE, NULL },
	{ ".wha", WHITEOUT_NONE, NULL },
	{ ".WH.a", WHITEOUT_NONE, NULL },
	{ ".wh.passwd", WHITEOUT_NAME, "passwd" },
	{ ".wh.a b\n$(c)\xff", WHITEOUT_NAME, "a b\n$(c)\xff" },
	{ ".wh....", WHITEOUT_NAME, "..." },
	{ ".wh..x", WHITEOUT_NAME, ".x" },
	{ ".wh..wh", WHITEOUT_NAME, ".wh" },
	{ ".wh..wh..opq", WHITEOUT_OPAQUE, NULL },
	{ ".wh..wh.aufs", WHITEOUT_METADATA, NULL },
	{ ".wh..wh.plnk", WHITEOUT_METADATA, NULL },
	{ ".wh..wh..opqx", WHITEOUT_METADATA, NULL },
	{ ".wh..wh.", WHITEOUT_METADATA, NULL },
	{ ".wh.", WHITEOUT_INVALID, NULL },
	{ ".wh..", WHITEOUT_INVALID, NULL },
	{ ".wh...", WHITEOUT_INVALID, NULL },
};

static void every_name_has_its_meaning(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *hidden = NULL;

		print_message("'%s'\n", names[i].base);
		assert_int_equal(whiteout_classify(names[i].base, &hidden),
				 names[i].kind);
		if (names[i].hidden)
			assert_string_equal(hidden, names[i].hidden);
		else
			assert_null(hidden);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_has_its_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
