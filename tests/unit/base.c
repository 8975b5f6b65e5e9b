/* SPDX-License-Identifier: MIT */
/* base.c - what layers show when they lie on each other */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host/layer/base.h"
#include "tests/unit/tarball.h"

#define LAYERS_MAX 4

/* Entries as tarball_short() has them, '|' between. */
static int add_layer(struct base *base, const char *entries, struct error *err)
{
	AUTO(tarball) tar = { 0 };
	autofree char *copy = strdup(entries);
	char *rest = NULL;
	struct layer_source source;
	int status;

	for (char *e = strtok_r(copy, "|", &rest); e;
	     e = strtok_r(NULL, "|", &rest))
		tarball_short(&tar, e);
	tarball_end(&tar);
	source = (struct layer_source){ tarball_open(&tar), 0, tar.size };
	status = base_add(base, &source, err);
	close(source.fd);
	return status;
}

struct text {
	char text[256];
};

static int print_child(struct layer_node *node, void *context)
{
	struct text *text = context;
	char path[PATH_SIZE];

	if (node->kind == LAYER_ABSENT)
		return 0;
	layer_node_path(node, path);
	strcat(text->text, path);
	strcat(text->text, node->kind == LAYER_DIRECTORY ? "/ " : " ");
	return layer_node_each(node, print_child, context);
}

static void upper_layers_hide_lower_ones(void **state)
{
	static const struct {
		const char *layers[LAYERS_MAX];
		const char *want;
	} cases[] = {
		{ { "a=|d/|d/x=" }, "a d/ d/x " },
		{ { "d/|d/x=", "d/|d/y=" }, "d/ d/x d/y " },
		{ { "d/x=", "d/y=" }, "d/ d/x d/y " }, /* implied */
		{ { "a=|b=", ".wh.a=" }, "b " },
		{ { "d/|d/x=|d/y=", "d/|d/.wh.x=" }, "d/ d/y " },
		{ { "d/|d/x=", ".wh.d=", "d/|d/y=" }, "d/ d/y " },
		{ { "d/|d/x=|d/y=", "d/|d/.wh..wh..opq=|d/z=" }, "d/ d/z " },
		{ { "d/|d/e/|d/e/x=", "d/|d/.wh..wh..opq=|d/e/|d/e/y=" },
		  "d/ d/e/ d/e/y " },
		{ { "a=|d/|d/x=", ".wh..wh..opq=|b=" }, "b " },
		/* of another kind */
		{ { "d/|d/x=", "d=" }, "d " },
		{ { "d/|d/x=", "d>e" }, "d " },
		{ { "d=", "d/|d/x=" }, "d/ d/x " },
		{ { "a=", "a=|b&a" }, "a b " },
		/* what is taken back has hidden nothing */
		{ { "d/|d/x=", "d=|d/|d/y=" }, "d/ d/x d/y " },
		{ { "a=", "b=|b/|b/c=" }, "a b/ b/c " },
		/* an entry of the same layer stays */
		{ { "a=", "a=|.wh.a=" }, "a " },
		{ { "d/|d/x=", "d/|d/y=|.wh.d=" }, "d/ d/y " },
		{ { "a=", "" }, "a " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(base) base = { 0 };
		struct error err = { 0 };
		struct text found = { "" };

		for (size_t j = 0; j < LAYERS_MAX && cases[i].layers[j]; j++) {
			print_message("%s\n", cases[i].layers[j]);
			(void)add_layer(&base, cases[i].layers[j], &err);
			assert_string_equal(err.msg, "");
		}
		(void)layer_node_each(base.root, print_child, &found);
		assert_string_equal(found.text, cases[i].want);
	}
}

static void paths_are_found(void **state)
{
	AUTO(base) base = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_null(base_find(&base, ""));
	assert_false(base_exists(&base, "a"));
	assert_int_equal(add_layer(&base, "d/|d/ee=|d/f/|s>d", &err), 0);
	assert_int_equal(add_layer(&base, "d/|d/.wh.f=", &err), 0);
	assert_int_equal(base_find(&base, "")->kind, LAYER_DIRECTORY);
	assert_int_equal(base_find(&base, "d")->kind, LAYER_DIRECTORY);
	assert_int_equal(base_find(&base, "d/ee")->kind, LAYER_OTHER);
	assert_false(base_exists(&base, "d/e"));
	assert_false(base_exists(&base, "d/ee/x"));
	assert_false(base_exists(&base, "d/f"));
	assert_false(base_exists(&base, "s/ee"));
}

static void bad_layers_are_refused(void **state)
{
	AUTO(base) base = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(add_layer(&base, "../x=", &err), -1);
	assert_string_equal(err.msg, "entry '../x': '..' in the name");
	assert_int_equal(err.code, EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(upper_layers_hide_lower_ones),
		cmocka_unit_test(paths_are_found),
		cmocka_unit_test(bad_layers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
