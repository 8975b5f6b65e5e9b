/* SPDX-License-Identifier: MIT */
/* What overlayvm.h does without a virtual machine. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "host/library/guard.h"
#include "host/library/handle.h"

static struct overlayvm_error err;

/* As the plan has it; "" where it has nothing. */
static void assert_planned(struct overlayvm_request *request, const char *key,
			   const char *value)
{
	struct overlayvm_plan *plan = overlayvm_plan_new(request, &err);
	char *text;

	assert_non_null(plan);
	text = overlayvm_plan_get(plan, key, &err);
	if (text) {
		assert_string_equal(text, value);
	} else {
		assert_string_equal("", value);
		assert_int_equal(err.code, 0);
	}
	free(text);
	overlayvm_plan_free(plan);
}

static void set(struct overlayvm_request *request, const char *key,
		const char *value)
{
	assert_int_equal(overlayvm_request_set(request, key, value, &err), 0);
}

static void a_setting_is_set_by_its_key(void **state)
{
	struct overlayvm_request *request = overlayvm_request_new();

	(void)state;
	assert_planned(request, "diskSize", "1024");
	assert_planned(request, "report", "");
	set(request, "diskSize", "2G");
	set(request, "name", "a \"name\"");
	assert_planned(request, "diskSize", "2048");
	assert_planned(request, "name", "a \"name\"");
	set(request, "diskSize", "3G");
	assert_planned(request, "diskSize", "3072");
	overlayvm_request_free(request);
}

static void a_list_grows(void **state)
{
	struct overlayvm_request *request = overlayvm_request_new();

	(void)state;
	set(request, "env", "A=1");
	set(request, "env", "B=2/3");
	assert_planned(request, "env", "[\"A=1\",\"B=2/3\"]");
	overlayvm_request_free(request);
}

static void a_flag_is_true_or_false(void **state)
{
	struct overlayvm_request *request = overlayvm_request_new();

	(void)state;
	set(request, "noTemplate", "true");
	assert_planned(request, "noTemplate", "true");
	set(request, "noTemplate", "false");
	assert_planned(request, "noTemplate", "false");
	assert_int_equal(overlayvm_request_set(request, "noTemplate", "yes",
					       &err),
			 -1);
	assert_int_equal(err.code, EINVAL);
	assert_string_equal(err.message,
			    "'noTemplate' is 'yes', not true or false");
	overlayvm_request_free(request);
}

static void an_unknown_key_has_a_nearest(void **state)
{
	struct overlayvm_request *request = overlayvm_request_new();

	(void)state;
	assert_int_equal(overlayvm_request_set(request, "diskSise", "1", &err),
			 -1);
	assert_string_equal(err.message, "unknown key 'diskSise' (did you mean "
					 "'diskSize'?)");
	/* The box is not needed. */
	assert_int_equal(overlayvm_request_set(request, "none", "1", NULL), -1);
	assert_int_equal(overlayvm_request_set_option(request, "none", "1",
						      &err),
			 -1);
	assert_string_equal(err.message, "unknown option '--none'");
	overlayvm_request_free(request);
}

static void an_option_is_as_on_the_command_line(void **state)
{
	struct overlayvm_request *request = overlayvm_request_new();

	(void)state;
	assert_int_equal(overlayvm_request_set_option(request, "no-template",
						      NULL, &err),
			 0);
	assert_planned(request, "noTemplate", "true");
	assert_int_equal(overlayvm_request_set_option(request, "pre-mount",
						      "@/nowhere", &err),
			 -1);
	assert_string_equal(err.message, "--pre-mount: open '/nowhere': No "
					 "such file or directory");
	/* By its key it is a hook as it stands. */
	set(request, "preMount", "@/nowhere");
	assert_planned(request, "preMount", "@/nowhere");
	overlayvm_request_free(request);
}

static void a_spec_is_text(void **state)
{
	static const char text[] = "{ \"diskSize\": 77, \"noTemplate\": true }";
	static const char array[] = "[]";
	struct overlayvm_request *request = overlayvm_request_new();

	(void)state;
	assert_int_equal(overlayvm_request_add_spec(request, text, strlen(text),
						    &err),
			 0);
	assert_planned(request, "diskSize", "77");
	assert_int_equal(overlayvm_request_add_spec(request, array,
						    strlen(array), &err),
			 -1);
	assert_string_equal(err.message, "spec: not a JSON object");
	overlayvm_request_free(request);
}

static void a_plan_is_a_spec_again(void **state)
{
	struct overlayvm_request *request = overlayvm_request_new();
	struct overlayvm_plan *plan;
	char *once, *twice;

	(void)state;
	set(request, "run", "echo $(false)\n");
	set(request, "fromImage", "base.tar");
	set(request, "outputImage", "oci:there");
	plan = overlayvm_plan_new(request, &err);
	if (!plan)
		fail_msg("%s", err.message);
	once = overlayvm_plan_spec(plan, &err);
	assert_non_null(once);
	overlayvm_plan_free(plan);
	overlayvm_request_free(request);

	request = overlayvm_request_new();
	assert_int_equal(overlayvm_request_add_spec(request, once, strlen(once),
						    &err),
			 0);
	plan = overlayvm_plan_new(request, &err);
	twice = overlayvm_plan_spec(plan, &err);
	assert_string_equal(once, twice);
	free(once);
	free(twice);
	overlayvm_plan_free(plan);
	overlayvm_request_free(request);
}

static void a_plan_says_what_is_wrong(void **state)
{
	struct overlayvm_request *request = overlayvm_request_new();
	struct overlayvm_plan *plan;

	(void)state;
	set(request, "buildVMMemorySize", "much");
	assert_null(overlayvm_plan_new(request, &err));
	assert_int_equal(err.code, EINVAL);
	assert_memory_equal(err.message, "plan: --memory", 14);
	overlayvm_request_free(request);

	request = overlayvm_request_new();
	set(request, "postMount", "echo \xff");
	plan = overlayvm_plan_new(request, &err);
	assert_non_null(plan);
	assert_null(overlayvm_plan_spec(plan, &err));
	assert_string_equal(err.message, "'postMount' is not UTF-8 text, which "
					 "a spec must be");
	overlayvm_plan_free(plan);
	overlayvm_request_free(request);
}

static void a_run_is_called_off(void **state)
{
	struct overlayvm_request *request = overlayvm_request_new();
	struct overlayvm_plan *plan;
	struct overlayvm_result *result;
	uint64_t value = 0;
	int cancel = eventfd(5, EFD_CLOEXEC);

	(void)state;
	plan = overlayvm_plan_new(request, &err);
	assert_int_equal(overlayvm_run(plan, NULL, cancel, &result, &err), -1);
	assert_string_equal(err.message, "output: cancelled");
	assert_int_equal(overlayvm_result_class(result), OVERLAYVM_CANCELLED);
	assert_string_equal(overlayvm_result_phase(result), "output");
	assert_int_equal(overlayvm_result_layer_count(result), 0);
	assert_null(overlayvm_result_layer(result, 0));
	assert_null(overlayvm_result_image(result));
	assert_non_null(strstr(overlayvm_result_report(result),
			       "\"class\": \"cancelled\""));
	overlayvm_result_free(result);
	/* Nothing was read from it. */
	assert_int_equal(read(cancel, &value, sizeof(value)), sizeof(value));
	assert_int_equal(value, 5);
	close(cancel);
	overlayvm_plan_free(plan);
	overlayvm_request_free(request);
}

static void classes_have_names(void **state)
{
	(void)state;
	assert_string_equal(overlayvm_class_name(OVERLAYVM_NONE), "none");
	assert_string_equal(overlayvm_class_name(OVERLAYVM_INTERNAL),
			    "internal");
	assert_null(overlayvm_class_name((enum overlayvm_class)9));
}

static void a_write_to_nobody_does_not_kill(void **state)
{
	struct guard guard;
	sigset_t pending;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	guard_begin(&guard);
	assert_int_equal(write(ends[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	guard_end(&guard);
	sigpending(&pending);
	assert_int_equal(sigismember(&pending, SIGPIPE), 0);
	close(ends[1]);
}

static void nothing_is_freed(void **state)
{
	(void)state;
	overlayvm_request_free(NULL);
	overlayvm_plan_free(NULL);
	overlayvm_result_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_setting_is_set_by_its_key),
		cmocka_unit_test(a_list_grows),
		cmocka_unit_test(a_flag_is_true_or_false),
		cmocka_unit_test(an_unknown_key_has_a_nearest),
		cmocka_unit_test(an_option_is_as_on_the_command_line),
		cmocka_unit_test(a_spec_is_text),
		cmocka_unit_test(a_plan_is_a_spec_again),
		cmocka_unit_test(a_plan_says_what_is_wrong),
		cmocka_unit_test(a_run_is_called_off),
		cmocka_unit_test(classes_have_names),
		cmocka_unit_test(a_write_to_nobody_does_not_kill),
		cmocka_unit_test(nothing_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
