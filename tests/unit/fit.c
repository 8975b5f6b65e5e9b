/* SPDX-License-Identifier: MIT */
/* fit.c - sizes that go with the image */
#include "tests/unit/unit.h"

#include "host/run/fit.h"

#define MIB (UINT64_C(1) << 20)

static void without_an_image_they_are_the_defaults(void **state)
{
	const struct fit_needs nothing = { 0 };

	(void)state;
	assert_int_equal(fit_disk(&nothing), 1024);
	assert_int_equal(fit_memory(&nothing, 8192), 512);
}

static void the_disk_holds_all_files_and_a_gigabyte(void **state)
{
	static const struct {
		struct fit_needs needs;
		uint64_t disk;
	} cases[] = {
		{ { 1, 1 }, 1024 },
		{ { 170 * MIB, 8700 }, 2048 },
		{ { 900 * MIB, 8700 }, 2048 },
		{ { 1000 * MIB, 8700 }, 4096 },
		{ { 0, 200000 }, 4096 }, /* an inode takes 8 KiB */
		{ { 10240 * MIB, 100000 }, 16384 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(fit_disk(&cases[i].needs), cases[i].disk);
}

static void the_memory_follows_the_entries_and_the_host(void **state)
{
	static const struct {
		uint64_t entries;
		uint64_t host;
		uint64_t memory;
	} cases[] = {
		{ 1023, 65536, 512 },	     { 1024, 65536, 1024 },
		{ 500000, 65536, 1024 },     { 525312, 65536, 2048 },
		{ 525312, 2048, 1024 },	     { 525312, 600, 512 },
		{ 100000000, 65536, 32768 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct fit_needs needs = { 0, cases[i].entries };

		assert_int_equal(fit_memory(&needs, cases[i].host),
				 cases[i].memory);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_an_image_they_are_the_defaults),
		cmocka_unit_test(the_disk_holds_all_files_and_a_gigabyte),
		cmocka_unit_test(the_memory_follows_the_entries_and_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
