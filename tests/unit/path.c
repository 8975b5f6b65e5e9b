/* SPDX-License-Identifier: MIT */
/* path.c - the normal form of names */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/path.h"

static const struct {
	const char *name;
	const char *path;  /* NULL: refused */
	const char *error; /* with this */
} spellings[] = {
	{ "etc/passwd", "etc/passwd", NULL },
	{ "./etc/passwd", "etc/passwd", NULL },
	{ "etc/", "etc", NULL },
	{ ".//etc/./././passwd//", "etc/passwd", NULL },
	{ "./", "", NULL },
	{ ".", "", NULL },
	{ "/", "", NULL },
	{ "././.", "", NULL },
	{ "...", "...", NULL },
	{ "a..", "a..", NULL },
	{ " \n\t\\-\xff$(x)", " \n\t\\-\xff$(x)", NULL },
	{ "", NULL, "empty name" },
	{ "/etc", NULL, "absolute name" },
	{ "//", NULL, "absolute name" },
	{ "..", NULL, "'..' in the name" },
	{ "../x", NULL, "'..' in the name" },
	{ "a/../b", NULL, "'..' in the name" },
	{ "a/..", NULL, "'..' in the name" },
};

static void every_spelling_has_one_normal_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(spellings); i++) {
		struct error err = { 0 };
		char path[PATH_SIZE];
		int status = path_normalize(path, spellings[i].name, &err);

		print_message("'%s'\n", spellings[i].name);
		if (spellings[i].path) {
			assert_int_equal(status, 0);
			assert_string_equal(path, spellings[i].path);
		} else {
			assert_int_equal(status, -1);
			assert_int_equal(err.code, EINVAL);
			assert_string_equal(err.msg, spellings[i].error);
		}
	}
}

/* `size` times 'x' behind `prefix`. */
static const char *long_name(const char *prefix, size_t size)
{
	static char name[8192];
	size_t used = strlen(prefix);

	memcpy(name, prefix, used);
	memset(name + used, 'x', size);
	name[used + size] = '\0';
	return name;
}

static void components_end_at_255_bytes(void **state)
{
	struct error err = { 0 };
	char path[PATH_SIZE];

	(void)state;
	assert_int_equal(path_normalize(path, long_name("a/", 255), &err), 0);
	assert_int_equal(path_normalize(path, long_name("a/", 256), &err), -1);
	assert_int_equal(err.code, ENAMETOOLONG);
	assert_string_equal(err.msg, "component of 256 bytes, more than 255");
}

static void a_marker_may_be_longer_by_its_prefix(void **state)
{
	struct error err = { 0 };
	char path[PATH_SIZE];

	(void)state;
	assert_int_equal(path_normalize(path, long_name(".wh.", 255), &err), 0);
	assert_int_equal(path_normalize(path, long_name(".wh.", 256), &err),
			 -1);
	assert_string_equal(err.msg, "component of 260 bytes, more than 259");
}

static void paths_end_at_4095_bytes(void **state)
{
	char name[PATH_SIZE + 16], path[PATH_SIZE];
	struct error err = { 0 };

	(void)state;
	memset(name, 'x', sizeof(name));
	for (size_t i = 199; i < sizeof(name); i += 200)
		name[i] = '/';
	name[4095] = '\0';
	assert_int_equal(path_normalize(path, name, &err), 0);
	assert_string_equal(path, name);
	name[4095] = 'x';
	name[4096] = '\0';
	assert_int_equal(path_normalize(path, name, &err), -1);
	assert_int_equal(err.code, ENAMETOOLONG);
	assert_string_equal(err.msg, "name of more than 4095 bytes");
}

static void what_vanishes_does_not_count(void **state)
{
	static char name[20001];
	struct error err = { 0 };
	char path[PATH_SIZE];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(name); i += 2)
		memcpy(name + i, "./", 2);
	assert_int_equal(path_normalize(path, name, &err), 0);
	assert_string_equal(path, "");
}

static void the_base_is_the_last_component(void **state)
{
	(void)state;
	assert_string_equal(path_base("a/b/c"), "c");
	assert_string_equal(path_base("a"), "a");
	assert_string_equal(path_base(""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_has_one_normal_form),
		cmocka_unit_test(components_end_at_255_bytes),
		cmocka_unit_test(a_marker_may_be_longer_by_its_prefix),
		cmocka_unit_test(paths_end_at_4095_bytes),
		cmocka_unit_test(what_vanishes_does_not_count),
		cmocka_unit_test(the_base_is_the_last_component),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
