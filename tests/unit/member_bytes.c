/* SPDX-License-Identifier: MIT */
/* member_bytes.c - lists of members that come back, and bytes that are none */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/image/member_bytes.h"

#define FILE_SIZE 1000 /* bytes */

static void add(struct members *members, const char *name, const char *target,
		enum member_kind kind, uint64_t offset, uint64_t size)
{
	const struct member member = {
		.name = strdup(name),
		.target = strdup(target),
		.kind = kind,
		.offset = offset,
		.size = size,
	};
	struct error err = { 0 };

	assert_int_equal(members_add(members, &member, &err), 0);
}

static void a_list_comes_back(void **state)
{
	AUTO(members) members = { 0 };
	AUTO(members) back = { 0 };
	autofree char *bytes = NULL;
	struct error err = { 0 };
	size_t size;

	(void)state;
	add(&members, "manifest.json", "", MEMBER_FILE, 512, 488);
	add(&members, "link", "a/target", MEMBER_SYMLINK, 0, 0);
	add(&members, "d", "", MEMBER_OTHER, 5000, 5000);
	assert_int_equal(member_bytes_write(&members, &bytes, &size, &err), 0);
	assert_int_equal(member_bytes_read(&back, bytes, size, FILE_SIZE, &err),
			 0);
	assert_int_equal(back.count, 3);
	for (size_t i = 0; i < back.count; i++) {
		assert_string_equal(back.item[i].name, members.item[i].name);
		assert_string_equal(back.item[i].target,
				    members.item[i].target);
		assert_int_equal(back.item[i].kind, members.item[i].kind);
		assert_int_equal(back.item[i].offset, members.item[i].offset);
		assert_int_equal(back.item[i].size, members.item[i].size);
	}
}

static int read_back(const void *bytes, size_t size, uint64_t file_size)
{
	/* Of just that size, so that who reads beyond is caught. */
	autofree char *exact = malloc(size ? size : 1);
	AUTO(members) back = { 0 };
	struct error err = { 0 };
	int status;

	memcpy(exact, bytes, size);
	status = member_bytes_read(&back, exact, size, file_size, &err);
	if (status < 0) {
		assert_int_equal(err.code, EPROTO);
		assert_string_equal(err.msg, "no list of members");
	}
	return status;
}

static void what_is_cut_off_or_altered_is_no_list(void **state)
{
	AUTO(members) members = { 0 };
	autofree char *bytes = NULL;
	struct error err = { 0 };
	size_t size;

	(void)state;
	add(&members, "name", "", MEMBER_FILE, 512, 488);
	assert_int_equal(member_bytes_write(&members, &bytes, &size, &err), 0);
	assert_int_equal(read_back(bytes, size, FILE_SIZE), 0);
	assert_int_equal(read_back(bytes, size, FILE_SIZE - 1), -1);
	for (size_t i = 1; i < size; i++)
		assert_int_equal(read_back(bytes, i, FILE_SIZE), -1);
	/* Nothing that any byte can say is read beyond the end. */
	for (size_t i = 0; i < size; i++)
		for (unsigned value = 0; value < 256; value++) {
			char old = bytes[i];

			bytes[i] = (char)value;
			(void)read_back(bytes, size, FILE_SIZE);
			bytes[i] = old;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_comes_back),
		cmocka_unit_test(what_is_cut_off_or_altered_is_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
