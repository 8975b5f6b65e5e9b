/* SPDX-License-Identifier: MIT */
/* grouping.c - which layers share a partition */
#include "tests/unit/unit.h"

#include "guest/shared/cleanup.h"
#include "host/run/grouping.h"

static struct grouping group_first(size_t count)
{
	bool mounted[MESSAGE_LAYERS_MAX];
	struct grouping grouping;

	for (size_t i = 0; i < MESSAGE_LAYERS_MAX; i++)
		mounted[i] = i < count;
	grouping_make(&grouping, mounted, MESSAGE_LAYERS_MAX);
	return grouping;
}

static void up_to_sixteen_layers_have_each_their_own(void **state)
{
	(void)state;
	for (size_t count = 0; count <= 16; count++) {
		struct grouping grouping = group_first(count);

		assert_int_equal(grouping_groups(&grouping), count);
		for (size_t i = 0; i < count; i++) {
			size_t members;

			assert_int_equal(*grouping_members(&grouping, i,
							   &members),
					 i);
			assert_int_equal(members, 1);
		}
	}
}

static void of_more_the_lowest_share_the_first(void **state)
{
	static const size_t counts[] = { 17, 40, 500 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		struct grouping grouping = group_first(counts[i]);
		const size_t *layers;
		size_t members;

		assert_int_equal(grouping_groups(&grouping), 16);
		layers = grouping_members(&grouping, 0, &members);
		assert_int_equal(members, counts[i] - 15);
		assert_int_equal(layers[0], 0);
		assert_int_equal(layers[members - 1], counts[i] - 16);
		layers = grouping_members(&grouping, 1, &members);
		assert_int_equal(members, 1);
		assert_int_equal(layers[0], counts[i] - 15);
		layers = grouping_members(&grouping, 15, &members);
		assert_int_equal(layers[0], counts[i] - 1);
	}
}

static void layers_that_are_not_mounted_are_passed_over(void **state)
{
	const bool mounted[] = { false, true, false, true, true };
	struct grouping grouping;
	size_t members;

	(void)state;
	grouping_make(&grouping, mounted, COUNT_OF(mounted));
	assert_int_equal(grouping_groups(&grouping), 3);
	assert_int_equal(*grouping_members(&grouping, 0, &members), 1);
	assert_int_equal(*grouping_members(&grouping, 1, &members), 3);
	assert_int_equal(*grouping_members(&grouping, 2, &members), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_to_sixteen_layers_have_each_their_own),
		cmocka_unit_test(of_more_the_lowest_share_the_first),
		cmocka_unit_test(layers_that_are_not_mounted_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
