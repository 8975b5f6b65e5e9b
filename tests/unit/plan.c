/* SPDX-License-Identifier: MIT */
/* plan.c - a request becomes a plan or one line that says why not */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/json.h"
#include "host/plan/plan.h"

static const struct surroundings around = {
	.qemu = "qemu-system-x86_64",
	.tmpdir = "/var/tmp",
	.memory = 8192,
	.disk_free = 100000,
};

static void nothing_asked_for_gets_the_defaults_of_the_original(void **state)
{
	const struct request request = { 0 };
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &around, &err), 0);
	assert_string_equal(plan.name, "layer");
	assert_int_equal(plan.disk_size, 1024);
	assert_int_equal(plan.memory, 512);
	assert_int_equal(plan.cpus, 1);
	assert_int_equal(plan.timeout, 0);
	assert_int_equal(plan.infra_exit, 0);
	assert_int_equal(plan.accel, PLAN_ACCEL_AUTO);
	assert_null(plan.from_image);
	assert_null(plan.output);
	assert_false(plan.has_clamp);
	for (size_t i = 0; i < HOOK_COUNT; i++)
		assert_null(plan.hooks[i].text);
}

static void an_empty_hook_is_no_hook(void **state)
{
	struct request request = { 0 };
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };

	(void)state;
	request.hooks[HOOK_PRE_MOUNT] = (char *)"";
	request.hooks[HOOK_POST_MOUNT] = (char *)"true";
	assert_int_equal(plan_make(&plan, &request, &around, &err), 0);
	assert_null(plan.hooks[HOOK_PRE_MOUNT].text);
	assert_string_equal(plan.hooks[HOOK_POST_MOUNT].text, "true");
}

static void sizes_are_mib_or_have_a_suffix(void **state)
{
	static const struct {
		const char *text;
		uint64_t mib;
	} cases[] = {
		{ "8", 8 },	{ "1024", 1024 }, { "2048M", 2048 },
		{ "3G", 3072 }, { "007G", 7168 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct request request = { .disk_size = (char *)cases[i].text };
		AUTO(plan) plan = { 0 };
		struct error err = { 0 };

		assert_int_equal(plan_make(&plan, &request, &around, &err), 0);
		assert_int_equal(plan.disk_size, cases[i].mib);
	}
}

static char *bad_config[] = { (char *)"workdir=x", NULL };
static char *bad_env[] = { (char *)"1A=x", NULL };
static char *two_runs[] = { (char *)"a", (char *)"b", NULL };
static char *empty[] = { (char *)"", NULL };

/* Every check of plan_make(), and the words a user gets. */
static char *bad_limits[][2] = {
	{ (char *)"log", NULL },
	{ (char *)"lag=1", NULL },
	{ (char *)"layer-entries=0", NULL },
	{ (char *)"layer-size=2T", NULL },
	{ (char *)"log=", NULL },
	{ (char *)"hook-time=1m", NULL },
};

static char *good_limits[] = { (char *)"log=7", (char *)"log=2G", NULL };

static void what_is_wrong_is_named(void **state)
{
#define SIZE_FORM " is not a size in MiB (digits, then M, G or T if wanted)"
	const struct {
		struct request request;
		const char *message;
	} cases[] = {
		{ { .name = (char *)"" }, "--name is empty" },
		{ { .name = (char *)"a\nb" },
		  "--name 'a?b' has a control character" },
		{ { .from_image = (char *)"" }, "--from-image is empty" },
		{ { .from_image_name = (char *)"a" },
		  "--from-image-name without --from-image" },
		{ { .from_image = (char *)"x", .from_image_tag = (char *)"a" },
		  "--from-image-tag without --from-image-name: give both or "
		  "neither" },
		{ { .disk_size = (char *)"0" },
		  "--disk-size '0' is not above 0" },
		{ { .disk_size = (char *)"-1" }, "--disk-size '-1'" SIZE_FORM },
		{ { .disk_size = (char *)"abc" },
		  "--disk-size 'abc'" SIZE_FORM },
		{ { .disk_size = (char *)"" }, "--disk-size ''" SIZE_FORM },
		{ { .disk_size = (char *)"1K" }, "--disk-size '1K'" SIZE_FORM },
		{ { .disk_size = (char *)"1 G" },
		  "--disk-size '1 G'" SIZE_FORM },
		{ { .disk_size = (char *)"7" },
		  "--disk-size '7' is below 8 MiB" },
		{ { .disk_size = (char *)"1T" },
		  "--disk-size '1T' is more than the 100000 MiB that are free "
		  "in '/var/tmp' (OVERLAYVM_TMPDIR names another place)" },
		{ { .disk_size = (char *)"99999999999999999999" },
		  "--disk-size '99999999999999999999'" SIZE_FORM },
		{ { .disk_size = (char *)"1099511627777T" },
		  "--disk-size '1099511627777T' is too large" },
		{ { .memory = (char *)"0" }, "--memory '0' is not above 0" },
		{ { .memory = (char *)"64" },
		  "--memory '64' is below 128 MiB, which the guest needs" },
		{ { .memory = (char *)"1T" },
		  "--memory '1T' is more than the 8192 MiB that this host "
		  "has" },
		{ { .cpus = (char *)"0" },
		  "--cpus '0' is not a number from 1 to 255" },
		{ { .cpus = (char *)"two" },
		  "--cpus 'two' is not a number from 1 to 255" },
		{ { .timeout = (char *)"1.5" },
		  "--timeout '1.5' is not a number from 1 to 31622400" },
		{ { .limit = { bad_limits[0], 1 } },
		  "--limit 'log' is not NAME=VALUE with a name of: log, "
		  "layer-size, layer-entries, hook-time, hook-silence, "
		  "guest-silence" },
		{ { .limit = { bad_limits[1], 1 } },
		  "--limit 'lag=1' is not NAME=VALUE with a name of: log, "
		  "layer-size, layer-entries, hook-time, hook-silence, "
		  "guest-silence" },
		{ { .limit = { bad_limits[2], 1 } },
		  "--limit layer-entries '0' is not a number from 1 to "
		  "10000000" },
		{ { .limit = { bad_limits[3], 1 } },
		  "--limit layer-size '2T' is more than the 1048576 MiB that "
		  "there may be" },
		{ { .limit = { bad_limits[4], 1 } },
		  "--limit log ''" SIZE_FORM },
		{ { .limit = { bad_limits[5], 1 } },
		  "--limit hook-time '1m' is not a number from 0 to "
		  "1000000000" },
		{ { .infra_exit = (char *)"0" },
		  "--infra-exit '0' is not a number from 1 to 255" },
		{ { .infra_exit = (char *)"256" },
		  "--infra-exit '256' is not a number from 1 to 255" },
		{ { .accel = (char *)"xen" },
		  "--accel 'xen' is none of: auto, kvm, tcg" },
		{ { .layers = (char *)"copy" },
		  "--layers 'copy' is none of: mount, unpack" },
		{ { .progress = (char *)"loud" },
		  "--progress 'loud' is none of: auto, tty, plain, json, "
		  "none" },
		{ { .output = (char *)"" }, "--output is empty" },
		{ { .output_image = (char *)"" }, "--output-image is empty" },
		{ { .config = { bad_env, 1 } },
		  "--config without --output-image" },
		{ { .output_image = (char *)"oci:x",
		    .config = { bad_config, 1 } },
		  "--config 'workdir=x' is not an absolute path" },
		{ { .env = { bad_env, 1 } }, "--env '1A=x' is not NAME=VALUE" },
		{ { .run = { bad_env, 1 } },
		  "--run without --from-image, or a --pre-mount that makes "
		  "what it runs in" },
		{ { .verify = (char *)"true",
		    .hooks[HOOK_POST_UMOUNT] = (char *)"true" },
		  "--verify with --post-umount: that hook may change the layer "
		  "after what it is compared with" },
		{ { .layer_per_run = (char *)"true" },
		  "--layer-per-run without --run" },
		{ { .from_image = (char *)"x",
		    .run = { two_runs, 2 },
		    .output = (char *)"o",
		    .layer_per_run = (char *)"true" },
		  "--layer-per-run makes 2 layers, and --output takes one: use "
		  "--output-image" },
		{ { .from_image = (char *)"x", .run = { empty, 1 } },
		  "--run is empty" },
		{ { .from_image = (char *)"x", .run = { bad_env, 501 } },
		  "--run: more than 500 commands" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(plan) plan = { 0 };
		struct error err = { 0 };

		assert_int_equal(plan_make(&plan, &cases[i].request, &around,
					   &err),
				 -1);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(err.code, EINVAL);
		assert_null(plan.name);
	}
}

static void source_date_epoch_is_seconds(void **state)
{
	const struct request request = { 0 };
	struct surroundings with = around;
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };

	(void)state;
	with.source_date_epoch = "1700000000";
	assert_int_equal(plan_make(&plan, &request, &with, &err), 0);
	assert_true(plan.has_clamp);
	assert_int_equal(plan.clamp, 1700000000);

	with.source_date_epoch = "yesterday";
	assert_int_equal(plan_make(&plan, &request, &with, &err), -1);
	assert_string_equal(err.msg,
			    "SOURCE_DATE_EPOCH 'yesterday' is not a number "
			    "from 0 to 9223372036854775807");
}

static void a_shell_needs_a_terminal(void **state)
{
	const struct request request = { .shell_on_failure = (char *)"true" };
	struct surroundings with = around;
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &with, &err), -1);
	assert_string_equal(err.msg,
			    "--shell-on-failure: there is no terminal to lend "
			    "(--keep-failed keeps the disk for later)");
	with.terminal = true;
	assert_int_equal(plan_make(&plan, &request, &with, &err), 0);
	assert_true(plan.shell_on_failure);
}

static char *good_env[] = { (char *)"A=1", (char *)"B=x=y z", NULL };

static char *good_config[] = { (char *)"user=a", (char *)"env=", NULL };

static void passt_is_wanted_where_there_is_a_network(void **state)
{
	static const struct {
		const char *network;
		const char *named; /* by the environment */
		const char *passt;
		bool is_named;
	} cases[] = {
		{ NULL, "/opt/passt", NULL, false },
		{ "none", NULL, NULL, false },
		{ "user", NULL, "passt", false },
		{ "user", "none", NULL, false },
		{ "user", "passt", "passt", true },
		{ "user", "/opt/passt", "/opt/passt", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct request request = { .name = (char *)"n",
					   .network =
						   (char *)cases[i].network };
		struct surroundings here = around;
		struct error err = { 0 };
		AUTO(plan) plan = { 0 };

		here.passt = cases[i].named;
		assert_int_equal(plan_make(&plan, &request, &here, &err), 0);
		assert_int_equal(plan.passt_named, cases[i].is_named);
		if (cases[i].passt)
			assert_string_equal(plan.passt, cases[i].passt);
		else
			assert_null(plan.passt);
	}
}

static void a_plan_is_a_spec_again(void **state)
{
	struct request request = {
		.name = (char *)"n",
		.disk_size = (char *)"2G",
		.env = { good_env, 2 },
		.timeout = (char *)"9",
		.infra_exit = (char *)"75",
		.limit = { good_limits, 2 },
		.output = (char *)"out.tar",
		.output_image = (char *)"oci:dir:1",
		.config = { good_config, 2 },
	};
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };
	autojson struct json_object *json = NULL;

	(void)state;
	request.hooks[HOOK_POST_UMOUNT] = (char *)"ls";
	assert_int_equal(plan_make(&plan, &request, &around, &err), 0);
	json = plan_to_json(&plan);
	assert_string_equal(
		json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN),
		"{\"version\":1,\"name\":\"n\",\"fromImage\":null,"
		"\"fromImageName\":null,"
		"\"fromImageTag\":null,\"diskSize\":2048,"
		"\"buildVMMemorySize\":512,\"cpus\":1,\"preMount\":\"\","
		"\"postMount\":\"\",\"postUmount\":\"ls\",\"run\":[],"
		"\"layerPerRun\":false,"
		"\"env\":[\"A=1\",\"B=x=y "
		"z\"],\"input\":[],\"secret\":[],\"output\":\"out.tar\","
		"\"outputImage\":\"oci:dir:1\",\"out\":null,"
		"\"config\":[\"user=a\",\"env=\"],"
		"\"compress\":\"none\",\"verify\":false,\"report\":null,"
		"\"trace\":null,\"keepFailed\":null,\"shellOnFailure\":false,"
		"\"layers\":\"mount\","
		"\"accel\":\"auto\",\"network\":\"none\","
		"\"noTemplate\":false,"
		"\"timeout\":9,"
		"\"limit\":{\"log\":2048,\"layer-size\":1048576,"
		"\"layer-entries\":10000000,\"hook-time\":0,"
		"\"hook-silence\":0,\"guest-silence\":300},\"infraExit\":75,"
		"\"progress\":"
		"\"auto\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			nothing_asked_for_gets_the_defaults_of_the_original),
		cmocka_unit_test(an_empty_hook_is_no_hook),
		cmocka_unit_test(sizes_are_mib_or_have_a_suffix),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(source_date_epoch_is_seconds),
		cmocka_unit_test(a_shell_needs_a_terminal),
		cmocka_unit_test(passt_is_wanted_where_there_is_a_network),
		cmocka_unit_test(a_plan_is_a_spec_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
