/* SPDX-License-Identifier: MIT */
/* layers_disk.c - the descriptor of the layers disk */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/vm/layers_disk.h"

#define HEADER                                                                 \
	"# Disk DescriptorFile\nversion=1\nCID=fffffffe\n"                     \
	"parentCID=ffffffff\ncreateType=\"monolithicFlat\"\n"

static void extents_follow_each_other_in_sectors(void **state)
{
	struct layers_disk_extent extents[] = {
		{ "/a b/x.tar", 1024, 10240, 0 },
		{ "/c", 0, 513, 0 },
		{ "/d", 512, 512, 0 },
	};
	struct error err = { 0 };
	autofree char *text = layers_disk_describe(extents, 3, &err);

	(void)state;
	assert_string_equal(text, HEADER "RW 20 FLAT \"layer-1\" 2\n"
					 "RW 2 FLAT \"layer-2\" 0\n"
					 "RW 1 FLAT \"layer-3\" 1\n"
					 "RW 2048 FLAT \"layers.end\" 0\n");
	assert_int_equal(extents[0].where, 0);
	assert_int_equal(extents[1].where, 10240);
	assert_int_equal(extents[2].where, 10240 + 1024);
}

static void what_is_no_extent_is_refused(void **state)
{
	static const struct {
		struct layers_disk_extent extent;
		int code;
		const char *message;
	} cases[] = {
		{ { "/a", 0, 0, 0 }, EINVAL, "layer 1 is empty" },
		{ { "/a", 100, 512, 0 },
		  EINVAL,
		  "layer 1 begins at byte 100, not at a sector" },
		{ { "/a", 0, UINT64_MAX, 0 },
		  EFBIG,
		  "1 layers are larger than a disk can be" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct layers_disk_extent extent = cases[i].extent;
		struct error err = { 0 };

		assert_null(layers_disk_describe(&extent, 1, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_string_equal(err.msg, cases[i].message);
	}
}

static void a_disk_has_an_end(void **state)
{
	struct layers_disk_extent extents[] = {
		{ "/a", 0, INT64_MAX / 2 + 512, 0 },
		{ "/b", 0, INT64_MAX / 2 + 512, 0 },
	};
	struct error err = { 0 };

	(void)state;
	assert_null(layers_disk_describe(extents, 2, &err));
	assert_int_equal(err.code, EFBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extents_follow_each_other_in_sectors),
		cmocka_unit_test(what_is_no_extent_is_refused),
		cmocka_unit_test(a_disk_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
