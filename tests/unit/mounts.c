/* SPDX-License-Identifier: MIT */
/* mounts.c - what hooks have mounted, out of mountinfo */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "guest/agent/mounts.h"

static void only_those_at_and_below_the_path_in_their_order(void **state)
{
	static const char path[] = "/tmp/overlayvm-mountinfo-test";
	FILE *file = fopen(path, "w");
	AUTO(mounts) mounts = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_non_null(file);
	fputs("21 1 0:20 / /proc rw - proc proc rw\n"
	      "30 1 254:0 / /disk rw,noatime - ext4 /dev/vda rw\n"
	      "31 30 0:30 / /disk/mnt rw - overlay overlay rw\n"
	      "32 31 0:31 / /disk/mnt/dev rw - devtmpfs dev rw\n"
	      "33 30 0:32 / /disk/mnt-other rw - tmpfs t rw\n"
	      "34 31 0:33 / /disk/mnt/a\\040b\\012c\\134d rw - tmpfs t rw\n"
	      "35 31 0:34 / /disk/mnt rw - tmpfs over rw\n"
	      "not a line of it\n",
	      file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(mounts_read(&mounts, path, "/disk/mnt", &err), 0);
	(void)unlink(path);
	assert_int_equal(mounts.count, 4);
	assert_string_equal(mounts.paths[0], "/disk/mnt");
	assert_string_equal(mounts.paths[1], "/disk/mnt/dev");
	assert_string_equal(mounts.paths[2], "/disk/mnt/a b\nc\\d");
	assert_string_equal(mounts.paths[3], "/disk/mnt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			only_those_at_and_below_the_path_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
