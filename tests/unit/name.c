/* SPDX-License-Identifier: MIT */
/* name.c - names of images */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/image/name.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *text;
	const char *full;
} good[] = {
	{ "busybox", "docker.io/library/busybox:latest" },
	{ "busybox:1.36", "docker.io/library/busybox:1.36" },
	{ "library/busybox", "docker.io/library/busybox:latest" },
	{ "docker.io/busybox", "docker.io/library/busybox:latest" },
	{ "index.docker.io/busybox", "docker.io/library/busybox:latest" },
	{ "docker.io/library/busybox:latest",
	  "docker.io/library/busybox:latest" },
	{ "a/b", "docker.io/a/b:latest" },
	{ "a/b/c:v1", "docker.io/a/b/c:v1" },
	{ "localhost/a", "localhost/a:latest" },
	{ "localhost:5000/a", "localhost:5000/a:latest" },
	{ "host:5000/a:b", "host:5000/a:b" },
	{ "quay.io/a/b:1", "quay.io/a/b:1" },
	{ "Host/a", "Host/a:latest" },
	{ "[::1]:5000/a", "[::1]:5000/a:latest" },
	{ "localhost", "docker.io/library/localhost:latest" },
	{ "a.b:c", "docker.io/library/a.b:c" },
	{ "a@sha256:" HEX, "docker.io/library/a@sha256:" HEX },
	{ "a:1@sha256:" HEX, "docker.io/library/a:1@sha256:" HEX },
	{ "a:Tag_1.2-x", "docker.io/library/a:Tag_1.2-x" },
};

static void names_become_full(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		autofree char *full = image_name_normalise(good[i].text);

		print_message("%s\n", good[i].text);
		assert_non_null(full);
		assert_string_equal(full, good[i].full);
	}
}

static void what_is_no_name_is_refused(void **state)
{
	static const char *const bad[] = {
		"",	    "/",
		"a/",	    "/a",
		"a//b",	    "Upper",
		"a/Upper",  "a:",
		"a:.b",	    "a:-b",
		"a:b c",    "a b",
		"a@",	    "a@sha256:1",
		"-a",	    "a-",
		"a/../b",   "a\nb",
		"h.x/",	    "a:b:c",
		"a/b:c:d/", "@sha256:" HEX,
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		print_message("%s\n", bad[i]);
		errno = 0;
		assert_null(image_name_normalise(bad[i]));
		assert_int_equal(errno, EINVAL);
	}
}

static void long_names_and_tags_are_refused(void **state)
{
	char text[400] = "a:";
	autofree char *longest = NULL;

	(void)state;
	memset(text + 2, 'b', 128);
	longest = image_name_normalise(text);
	assert_non_null(longest);
	memset(text + 2, 'b', 129);
	assert_null(image_name_normalise(text));
	memset(text, 'b', 256);
	text[256] = '\0';
	assert_null(image_name_normalise(text));
}

static const struct {
	const char *a;
	const char *b;
	int is_equal;
} pairs[] = {
	{ "busybox", "docker.io/library/busybox:latest", 1 },
	{ "foo:1.1", "foo:1.10", 0 },
	{ "foo:1.10", "foo:1.1", 0 },
	{ "foo", "foo:1", 0 },
	{ "foo:1", "foo:1", 1 },
	{ "localhost/foo:1", "foo:1", 0 },
	{ "Not/A/Name", "Not/A/Name", 1 },
	{ "Not/A/Name", "not/a/name", 0 },
	{ "", "", 1 },
};

static void names_are_equal_whole_or_not_at_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		print_message("%s %s\n", pairs[i].a, pairs[i].b);
		assert_int_equal(image_name_equal(pairs[i].a, pairs[i].b),
				 pairs[i].is_equal);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_full),
		cmocka_unit_test(what_is_no_name_is_refused),
		cmocka_unit_test(long_names_and_tags_are_refused),
		cmocka_unit_test(names_are_equal_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
