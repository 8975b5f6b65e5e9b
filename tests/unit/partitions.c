/* SPDX-License-Identifier: MIT */
/* partitions.c - the partition table of the layers disk */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/vm/partitions.h"

#define SECTOR	    512
#define HEADER	    SECTOR	  /* bytes from the start of the disk */
#define ENTRIES	    (2 * SECTOR)  /* ditto */
#define ENTRY_SIZE  128		  /* bytes */
#define END_ENTRIES 0		  /* bytes from the start of the copy */
#define END_HEADER  (32 * SECTOR) /* ditto */

struct tables {
	uint8_t start[PARTITIONS_START];
	uint8_t end[PARTITIONS_END];
};

static uint64_t get64(const uint8_t *at)
{
	uint64_t value = 0;

	for (int i = 7; i >= 0; i--)
		value = value << 8 | at[i];
	return value;
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)(get64(at) & UINT32_MAX);
}

/* CRC-32 as in UEFI, bit by bit. */
static uint32_t crc(const uint8_t *bytes, size_t size)
{
	uint32_t value = UINT32_MAX;

	for (size_t i = 0; i < size; i++) {
		value ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^
				(value & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~value;
}

static void make(struct tables *t, const uint64_t *sizes, size_t count,
		 uint64_t rest)
{
	struct error err = { 0 };

	if (partitions_make(sizes, count, rest, t->start, t->end, &err) < 0)
		fail_msg("%s", err.msg);
}

static void each_partition_is_exactly_its_file(void **state)
{
	const uint64_t sizes[] = { 4096, 81276928, 40960, 1052672 };
	static struct tables t;
	uint64_t sector = PARTITIONS_START / SECTOR;

	(void)state;
	make(&t, sizes, COUNT_OF(sizes), 7 * SECTOR);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		const uint8_t *entry = t.start + ENTRIES + i * ENTRY_SIZE;

		assert_true(get64(entry + 32) == sector);
		sector += sizes[i] / SECTOR;
		assert_true(get64(entry + 40) == sector - 1);
	}
	/* There is no fifth. */
	assert_true(get64(t.start + ENTRIES + 4 * ENTRY_SIZE) == 0);
}

static void the_last_partition_is_not_cut_short(void **state)
{
	static const uint64_t sizes[] = { 4096, 8192, 12288, 81276928 };
	static struct tables t;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		make(&t, &sizes[i], 1, 0);
		assert_true(get64(t.start + ENTRIES + 40) ==
			    (PARTITIONS_START + sizes[i]) / SECTOR - 1);
	}
}

static void table_and_copy_are_sound_and_say_the_same(void **state)
{
	const uint64_t sizes[] = { 4096, 8192 };
	uint64_t last =
		(PARTITIONS_START + 4096 + 8192 + PARTITIONS_END) / SECTOR - 1;
	static struct tables t;
	uint8_t *headers[] = { t.start + HEADER, t.end + END_HEADER };

	(void)state;
	make(&t, sizes, COUNT_OF(sizes), 0);
	assert_memory_equal(t.start + ENTRIES, t.end + END_ENTRIES,
			    128 * ENTRY_SIZE);
	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		uint8_t *header = headers[i];
		uint32_t sum = get32(header + 16);

		assert_memory_equal(header, "EFI PART", 8);
		assert_true(get64(header + 24) == (i == 0 ? 1 : last));
		assert_true(get64(header + 32) == (i == 0 ? last : 1));
		assert_int_equal(get32(header + 88),
				 crc(t.start + ENTRIES, 128 * ENTRY_SIZE));
		memset(header + 16, 0, 4);
		assert_int_equal(sum, crc(header, 92));
	}
}

static void the_same_sizes_give_the_same_bytes(void **state)
{
	const uint64_t sizes[] = { 4096, 8192 };
	static struct tables a, b;

	(void)state;
	make(&a, sizes, COUNT_OF(sizes), SECTOR);
	make(&b, sizes, COUNT_OF(sizes), SECTOR);
	assert_memory_equal(&a, &b, sizeof(a));
}

static void thirty_two_partitions_are_the_most(void **state)
{
	uint64_t sizes[PARTITIONS_MAX + 1];
	static struct tables t;
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++)
		sizes[i] = 4096;
	make(&t, sizes, PARTITIONS_MAX, 0);
	assert_int_equal(partitions_make(sizes, PARTITIONS_MAX + 1, 0, t.start,
					 t.end, &err),
			 -1);
	assert_int_equal(err.code, EINVAL);
	assert_string_equal(err.msg, "33 partitions");
}

static void what_is_no_disk_is_refused(void **state)
{
	static const struct {
		uint64_t size;
		uint64_t rest;
		int code;
		const char *message;
	} cases[] = {
		{ 0, 0, EINVAL, "partition 1 of 0 bytes" },
		{ 4097, 0, EINVAL, "partition 1 of 4097 bytes" },
		{ 4096, 1, EINVAL, "partition 2 of 1 bytes" },
		{ UINT64_C(0x7ffffffffffff000), 0, EFBIG,
		  "the layers are larger than a disk can be" },
	};
	static struct tables t;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = { 0 };

		assert_int_equal(partitions_make(&cases[i].size, 1,
						 cases[i].rest, t.start, t.end,
						 &err),
				 -1);
		assert_int_equal(err.code, cases[i].code);
		assert_string_equal(err.msg, cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_partition_is_exactly_its_file),
		cmocka_unit_test(the_last_partition_is_not_cut_short),
		cmocka_unit_test(table_and_copy_are_sound_and_say_the_same),
		cmocka_unit_test(the_same_sizes_give_the_same_bytes),
		cmocka_unit_test(thirty_two_partitions_are_the_most),
		cmocka_unit_test(what_is_no_disk_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
