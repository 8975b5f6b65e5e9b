/* SPDX-License-Identifier: MIT */
/* remains.c - the disk of a run that failed, and the plan beside it */
#include "tests/unit/unit.h"

#include <errno.h>

#include "host/rescue/remains.h"
#include "tests/unit/tree.h"

#define DIFF_ID                                                                \
	"sha256:0123456789abcdef0123456789abcdef"                              \
	"0123456789abcdef0123456789abcdef"

static const char plan[] =
	"{\"spec\": {\"fromImage\": \"oci:base\", \"fromImageName\": null,"
	" \"fromImageTag\": null}, \"sourceDateEpoch\": 1500000000,"
	" \"image\": {\"layers\": [{\"diffId\": \"" DIFF_ID "\"}]}}";

static void assert_refused(const char *text, int code, const char *msg)
{
	struct remains remains = { .layer_count = 77 };
	struct error err = { 0 };

	assert_int_equal(remains_find(&remains, text, &err), -1);
	assert_string_equal(err.msg, msg);
	assert_int_equal(err.code, code);
	assert_int_equal(remains.layer_count, 77);
}

static void make_kept(void)
{
	tree_dir("kept");
	tree_file("kept/scratch.img", "disk");
}

static void directory_and_disk_are_the_same(void **state)
{
	static const char *const names[] = { "kept", "kept/scratch.img" };

	(void)state;
	make_kept();
	tree_file("kept/plan.json", plan);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		AUTO(remains) remains = { 0 };
		struct error err = { 0 };

		assert_int_equal(remains_find(&remains, names[i], &err), 0);
		assert_int_equal(remains.disk[0], '/');
		assert_non_null(strstr(remains.disk, "/kept/scratch.img"));
		assert_true(remains.has_plan);
		assert_string_equal(remains.image, "oci:base");
		assert_null(remains.image_name);
		assert_int_equal(remains.layer_count, 1);
		assert_string_equal(remains.diff_ids[0], DIFF_ID);
		assert_true(remains.has_clamp);
		assert_int_equal(remains.clamp, 1500000000);
	}
}

static void disk_may_be_alone(void **state)
{
	AUTO(remains) remains = { 0 };
	struct error err = { 0 };

	(void)state;
	make_kept();
	assert_int_equal(remains_find(&remains, "kept", &err), 0);
	assert_false(remains.has_plan);
	assert_null(remains.image);
	assert_false(remains.has_clamp);
}

static void run_without_an_image_has_no_layers(void **state)
{
	AUTO(remains) remains = { 0 };
	struct error err = { 0 };

	(void)state;
	make_kept();
	tree_file("kept/plan.json", "{\"spec\": {\"fromImage\": null}}");
	assert_int_equal(remains_find(&remains, "kept", &err), 0);
	assert_true(remains.has_plan);
	assert_null(remains.image);
}

static void what_is_no_disk_is_refused(void **state)
{
	(void)state;
	tree_dir("empty");
	assert_refused("none", ENOENT,
		       "open 'none': No such file or directory");
	assert_refused("empty", ENOENT,
		       "open 'empty/scratch.img': No such file or directory");
	assert_refused("/dev/null", EINVAL,
		       "'/dev/null' is neither a disk nor the directory of "
		       "--keep-failed");
	assert_int_equal(mkfifo("empty/scratch.img", 0600), 0);
	assert_refused("empty", EINVAL,
		       "'empty/scratch.img' is neither a disk nor the "
		       "directory of --keep-failed");
}

static void plan_of_another_form_is_refused(void **state)
{
	static const struct {
		const char *plan;
		const char *msg;
	} cases[] = {
		{ "{", "not valid JSON: it ends too early" },
		{ "[]", "field 'spec' is missing" },
		{ "{\"spec\": {\"fromImage\": 1}}",
		  "field 'fromImage' is not of type string" },
		{ "{\"spec\": {\"fromImage\": \"x\"}}", "not a JSON object" },
		{ "{\"spec\": {\"fromImage\": \"x\"}, \"image\": {\"layers\": "
		  "[{}]}}",
		  "field 'diffId' is missing" },
		{ "{\"spec\": {}, \"sourceDateEpoch\": -1}",
		  "field 'sourceDateEpoch' is -1, not in 0 to "
		  "9223372036854775807" },
	};

	(void)state;
	make_kept();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char msg[256];

		(void)unlink("kept/plan.json");
		tree_file("kept/plan.json", cases[i].plan);
		(void)snprintf(msg, sizeof(msg),
			       "disk 'kept': read the plan.json beside it: %s",
			       cases[i].msg);
		assert_refused("kept", EPROTO, msg);
	}
}

static void plan_that_is_a_pipe_is_refused(void **state)
{
	(void)state;
	make_kept();
	assert_int_equal(mkfifo("kept/plan.json", 0600), 0);
	assert_refused("kept", EINVAL,
		       "disk 'kept': read the plan.json beside it: it is no "
		       "file");
}

#define IN_TREE(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(directory_and_disk_are_the_same),
		IN_TREE(disk_may_be_alone),
		IN_TREE(run_without_an_image_has_no_layers),
		IN_TREE(what_is_no_disk_is_refused),
		IN_TREE(plan_of_another_form_is_refused),
		IN_TREE(plan_that_is_a_pipe_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
