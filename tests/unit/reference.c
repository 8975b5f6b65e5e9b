/* SPDX-License-Identifier: MIT */
/* reference.c - where an image is, as the user says it */
#include "tests/unit/unit.h"

#include <errno.h>

#include "host/image/reference.h"
#include "tests/unit/image_fixture.h"

/* What exists: "x.tar", "a:b", "d:e/x.tar" is not; "oci:f". */
static const struct {
	const char *text;
	enum reference_form form;
	const char *path;
	const char *name;
} good[] = {
	{ "x.tar", REFERENCE_PATH, "x.tar", NULL },
	{ "none.tar", REFERENCE_PATH, "none.tar", NULL },
	{ "none.tar:busybox", REFERENCE_PATH, "none.tar:busybox", NULL },
	{ "a:b", REFERENCE_PATH, "a:b", NULL },
	{ "oci:f", REFERENCE_PATH, "oci:f", NULL },
	{ "oci:g", REFERENCE_OCI, "g", NULL },
	{ "oci:dir:v1", REFERENCE_OCI, "dir", "v1" },
	{ "oci-archive:x.tar", REFERENCE_OCI_ARCHIVE, "x.tar", NULL },
	{ "docker-archive:x.tar", REFERENCE_DOCKER_ARCHIVE, "x.tar", NULL },
	{ "docker-archive:x.tar:busybox:1", REFERENCE_DOCKER_ARCHIVE, "x.tar",
	  "busybox:1" },
	{ "docker-archive:a:b", REFERENCE_DOCKER_ARCHIVE, "a:b", NULL },
	{ "docker-archive:a:b:c:d", REFERENCE_DOCKER_ARCHIVE, "a:b", "c:d" },
	{ "docker-archive:a:z", REFERENCE_DOCKER_ARCHIVE, "a", "z" },
	{ "docker-archive:no:localhost:5/x:1", REFERENCE_DOCKER_ARCHIVE, "no",
	  "localhost:5/x:1" },
	{ "dir:x", REFERENCE_PATH, "dir:x", NULL },
	{ "oci:dir:@1", REFERENCE_OCI, "dir", "@1" },
	{ "rootfs-tar:x.tar", REFERENCE_ROOTFS_TAR, "x.tar", NULL },
	{ "rootfs-tar:no:ref", REFERENCE_ROOTFS_TAR, "no:ref", NULL },
};

static void forms_paths_and_names_are_told_apart(void **state)
{
	(void)state;
	fixture_write("x.tar", "", 0);
	fixture_write("a:b", "", 0);
	fixture_write("oci:f", "", 0);

	for (size_t i = 0; i < COUNT_OF(good); i++) {
		AUTO(reference) reference = { 0 };
		struct error err = { 0 };

		print_message("%s\n", good[i].text);
		assert_int_equal(reference_parse(&reference, good[i].text,
						 &err),
				 0);
		assert_int_equal(reference.form, good[i].form);
		assert_string_equal(reference.path, good[i].path);
		if (good[i].name)
			assert_string_equal(reference.name, good[i].name);
		else
			assert_null(reference.name);
	}
}

static const struct {
	const char *text;
	const char *msg;
} bad[] = {
	{ "", "read reference '': the path is empty" },
	{ "oci:", "read reference 'oci:': the path is empty" },
	{ "docker-archive::x",
	  "read reference 'docker-archive::x': the path is empty" },
	{ "docker-archive:x:",
	  "read reference 'docker-archive:x:': nothing follows the last ':'" },
};

static void empty_parts_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(reference) reference = { 0 };
		struct error err = { 0 };

		assert_int_equal(reference_parse(&reference, bad[i].text, &err),
				 -1);
		assert_int_equal(err.code, EINVAL);
		assert_string_equal(err.msg, bad[i].msg);
		assert_null(reference.path);
	}
}

static void name_and_tag_make_a_name(void **state)
{
	AUTO(reference) reference = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(reference_parse(&reference, "x.tar", &err), 0);
	assert_int_equal(reference_select(&reference, NULL, NULL, &err), 0);
	assert_null(reference.name);
	assert_int_equal(reference_select(&reference, "a/b", "1", &err), 0);
	assert_string_equal(reference.name, "a/b:1");
}

static const struct {
	const char *text;
	const char *name;
	const char *tag;
	const char *msg;
} clashes[] = {
	{ "x", "busybox", NULL, "image name 'busybox' is given without a tag" },
	{ "x", "busybox", "", "image name 'busybox' is given without a tag" },
	{ "x", NULL, "1", "image tag '1' is given without a name" },
	{ "x", "", "1", "image tag '1' is given without a name" },
	{ "oci:x:v1", "busybox", "1",
	  "image name 'busybox' and tag '1' are given, but the reference says "
	  "'v1'" },
};

static void half_a_selection_and_two_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(clashes); i++) {
		AUTO(reference) reference = { 0 };
		struct error err = { 0 };

		assert_int_equal(reference_parse(&reference, clashes[i].text,
						 &err),
				 0);
		assert_int_equal(reference_select(&reference, clashes[i].name,
						  clashes[i].tag, &err),
				 -1);
		assert_int_equal(err.code, EINVAL);
		assert_string_equal(err.msg, clashes[i].msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(forms_paths_and_names_are_told_apart),
		WITH_FIXTURE(empty_parts_are_refused),
		cmocka_unit_test(name_and_tag_make_a_name),
		cmocka_unit_test(half_a_selection_and_two_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
