/* SPDX-License-Identifier: MIT */
/* rescue_absent.c - what overlayvm rescue says where it was built without
 * libguestfs */
#include "tests/unit/unit.h"

#include <errno.h>

#include "host/rescue/rescue.h"

#define MESSAGE                                                                \
	"this overlayvm was built without libguestfs (install "                \
	"libguestfs-dev, and build with -Drescue=enabled)"

static void assert_absent(int status, const struct error *err)
{
	assert_int_equal(status, -1);
	assert_int_equal(err->code, ENOSYS);
	assert_string_equal(err->msg, MESSAGE);
}

static void each_says_what_to_install(void **state)
{
	const struct rescue rescue = { .disk = "/dev/null" };
	struct rescue_layer layer = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_absent(rescue_available(&err), &err);
	err = (struct error){ 0 };
	assert_absent(rescue_list(&rescue, "/", NULL, NULL, &err), &err);
	err = (struct error){ 0 };
	assert_absent(rescue_read(&rescue, "/", NULL, NULL, &err), &err);
	err = (struct error){ 0 };
	assert_absent(rescue_export(&rescue, &layer, &err), &err);
	err = (struct error){ 0 };
	assert_absent(rescue_shell(rescue.disk, &err), &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_says_what_to_install),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
