/* SPDX-License-Identifier: MIT */
/* layer_data.c - data that is not where, or not as much as, a layer says */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/recorder.h"
#include "tests/unit/tarball.h"

#define DATA "0123456789"

/* A file of DATA with this map of a sparse one, in pax 0.1. */
static int read_sparse(struct recorder *r, const char *size, const char *map)
{
	AUTO(tarball) t = { 0 };

	tarball_pax_string(&t, "GNU.sparse.size", size);
	tarball_pax_string(&t, "GNU.sparse.map", map);
	tarball_file(&t, "f", DATA);
	tarball_file(&t, "g", "");
	return recorder_read_tarball(r, &t);
}

static void maps_of_holes_are_obeyed(void **state)
{
	static const char *const good[] = {
		"0,5,995,5",
		"0,10,1000,0",
		"0,0,0,10,500,0",
		"990,10",
	};
	struct recorder r;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		print_message("%s\n", good[i]);
		assert_int_equal(read_sparse(&r, "1000", good[i]), 0);
		assert_non_null(strstr(r.text, "file g"));
	}
}

static void maps_that_cannot_be_are_refused(void **state)
{
	static const struct {
		const char *map;
		const char *error;
	} cases[] = {
		{ "0,6,3,4", "entry 'f': data at 3 behind data up to 6" },
		{ "500,5,0,5", "entry 'f': data at 0 behind data up to 505" },
		{ "100,5,100,5",
		  "entry 'f': data at 100 behind data up to 105" },
		{ "0,5,2000,5",
		  "entry 'f': data at 2000, beyond its size of 1000 bytes" },
		{ "0,5,998,5",
		  "entry 'f': data at 998, beyond its size of 1000 bytes" },
		{ "0,1000", "entry 'f': 10 bytes of data for a size of 1000" },
	};
	struct recorder r;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		print_message("%s\n", cases[i].map);
		assert_int_equal(read_sparse(&r, "1000", cases[i].map), -1);
		assert_string_equal(r.err.msg, cases[i].error);
		assert_int_equal(r.err.code, EBADMSG);
	}
}

/* A file of a thousandth of its size would be one of zeros to us alone. */
static void a_size_without_data_is_refused(void **state)
{
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	tarball_pax_string(&t, "SCHILY.realsize", "1000");
	tarball_file(&t, "f", DATA);
	assert_int_equal(recorder_read_tarball(&r, &t), -1);
	assert_string_equal(r.err.msg,
			    "entry 'f': 10 bytes of data for a size of 1000");
	assert_int_equal(r.err.code, EBADMSG);
}

/* What some readers take for data of it is an entry to others. */
static void data_of_what_has_none_is_refused(void **state)
{
	static const char types[] = "23456";
	struct recorder r;

	(void)state;
	for (const char *type = types; *type; type++) {
		AUTO(tarball) t = { 0 };

		print_message("%c\n", *type);
		tarball_pax_string(&t, "size", "512");
		tarball_add(&t, &(struct tarball_entry){ .name = "x",
							 .type = *type,
							 .link = "target",
							 .major = 1 });
		tarball_file(&t, "hidden", "");
		assert_int_equal(recorder_read_tarball(&r, &t), -1);
		assert_string_equal(r.err.msg,
				    "entry 'x': has data, and is of a type "
				    "that has none");
		assert_int_equal(r.err.code, EBADMSG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_of_holes_are_obeyed),
		cmocka_unit_test(maps_that_cannot_be_are_refused),
		cmocka_unit_test(a_size_without_data_is_refused),
		cmocka_unit_test(data_of_what_has_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
