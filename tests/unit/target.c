/* SPDX-License-Identifier: MIT */
/* target.c - where an image is to be written, as it is typed */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>

#include "host/image/target.h"

static const struct {
	const char *text;
	enum target_form form;
	const char *path;
	const char *ref;
	const char *name;
} good[] = {
	{ "docker-archive:a.tar", TARGET_DOCKER_ARCHIVE, "a.tar", NULL, NULL },
	{ "docker-archive:/x/a:busybox", TARGET_DOCKER_ARCHIVE, "/x/a",
	  "busybox:latest", "docker.io/library/busybox:latest" },
	{ "docker-archive:a:h:5000/b/c:1", TARGET_DOCKER_ARCHIVE, "a",
	  "h:5000/b/c:1", "h:5000/b/c:1" },
	{ "docker-archive:-:x:1", TARGET_DOCKER_ARCHIVE, "-", "x:1",
	  "docker.io/library/x:1" },
	{ "oci-archive:a b.tar:v1.0", TARGET_OCI_ARCHIVE, "a b.tar", "v1.0",
	  NULL },
	{ "oci:dir", TARGET_OCI, "dir", NULL, NULL },
	{ "oci:dir:a.b/c--d:e@f+g", TARGET_OCI, "dir", "a.b/c--d:e@f+g", NULL },
	{ "nix:a:b", TARGET_NIX, "a:b", NULL, NULL },
};

static void assert_text(const char *text, const char *want)
{
	if (want)
		assert_string_equal(text, want);
	else
		assert_null(text);
}

static void each_form_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		AUTO(target) target = { 0 };
		struct error err = { 0 };

		print_message("%s\n", good[i].text);
		assert_int_equal(target_parse(&target, good[i].text, &err), 0);
		assert_int_equal(target.form, good[i].form);
		assert_string_equal(target.path, good[i].path);
		assert_text(target.ref, good[i].ref);
		assert_text(target.name, good[i].name);
		assert_true(target_has_form(good[i].text));
	}
}

#define NO_FORM                                                                \
	"is none of docker-archive:PATH[:NAME:TAG], oci-archive:PATH[:REF], "  \
	"oci:DIR[:REF], nix:DIR"

static const struct {
	const char *text;
	const char *why;
} bad[] = {
	{ "", NO_FORM },
	{ "a.tar", NO_FORM },
	{ "docker://x", NO_FORM },
	{ "oci:", "its path is empty" },
	{ "nix:", "its path is empty" },
	{ "oci::a", "its path is empty" },
	{ "oci:a:", "its name is empty" },
	{ "oci:a:b c", "'b c' is not a name in an OCI layout" },
	{ "oci:a:-b", "'-b' is not a name in an OCI layout" },
	{ "oci:a:b-", "'b-' is not a name in an OCI layout" },
	{ "oci:a:b..c", "'b..c' is not a name in an OCI layout" },
	{ "oci:a:../b", "'../b' is not a name in an OCI layout" },
	{ "docker-archive:a:B", "'B' is not NAME:TAG, a name for an image" },
	{ "docker-archive:a:b:", "'b:' is not NAME:TAG, a name for an image" },
	{ "docker-archive:a:b@sha256:"
	  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	  "'b@sha256:"
	  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' "
	  "is not NAME:TAG, a name for an image" },
};

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(target) target = { 0 };
		struct error err = { 0 };
		char want[512];

		assert_int_equal(target_parse(&target, bad[i].text, &err), -1);
		(void)snprintf(want, sizeof(want), "'%s': %s", bad[i].text,
			       bad[i].why);
		assert_string_equal(err.msg, want);
		assert_int_equal(err.code, EINVAL);
		assert_null(target.path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_is_read),
		cmocka_unit_test(what_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
