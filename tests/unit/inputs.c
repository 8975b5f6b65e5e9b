/* SPDX-License-Identifier: MIT */
/* inputs.c - what changes the digest of a run, and what does not */
#include "tests/unit/unit.h"

#include <string.h>

#include "guest/shared/json.h"
#include "host/run/inputs.h"

#define KEY  "1111111111111111111111111111111111111111111111111111111111111111"
#define KEY2 "2222222222222222222222222222222222222222222222222222222222222222"

static const struct surroundings around = {
	.qemu = "qemu", .tmpdir = "/", .memory = 8192, .disk_free = 100000
};

/* What "overlayvm hash" would print. */
static struct digest hash(const struct request *request, const char *epoch,
			  const struct image *image, const char *guest_key)
{
	struct surroundings here = around;
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };
	struct digest digest;
	struct json_object *inputs;

	here.source_date_epoch = epoch;
	assert_int_equal(plan_make(&plan, request, &here, &err), 0);
	inputs = inputs_make(&plan, image, guest_key);
	assert_int_equal(inputs_digest(inputs, &digest, &err), 0);
	json_object_put(inputs);
	return digest;
}

static const struct setting *setting_of(const char *option)
{
	for (size_t i = 0; i < setting_count; i++)
		if (strcmp(settings[i].option, option) == 0)
			return &settings[i];
	fail_msg("no --%s", option);
	return NULL;
}

/* Whether the digest is another one with one more option. */
static bool changes(const char *option, const char *value)
{
	AUTO(request) request = { 0 };
	struct error err = { 0 };
	struct digest before;
	struct digest after;

	assert_int_equal(request_set(&request, setting_of("from-image"), "i",
				     &err),
			 0);
	assert_int_equal(request_set(&request, setting_of("output-image"),
				     "oci:o", &err),
			 0);
	before = hash(&request, NULL, NULL, KEY);
	assert_int_equal(request_set(&request, setting_of(option), value, &err),
			 0);
	after = hash(&request, NULL, NULL, KEY);
	return !digest_equal(&before, &after);
}

static void what_hooks_see_and_what_is_written_matters(void **state)
{
	static const char *const cases[][2] = {
		{ "name", "other" },	  { "pre-mount", "true" },
		{ "post-mount", "true" }, { "post-umount", "true" },
		{ "env", "A=1" },	  { "compress", "zstd" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (!changes(cases[i][0], cases[i][1]))
			fail_msg("--%s does not matter", cases[i][0]);
}

static void how_and_where_it_runs_does_not(void **state)
{
	static const char *const cases[][2] = {
		{ "from-image", "other" }, { "disk-size", "2G" },
		{ "memory", "1G" },	   { "cpus", "2" },
		{ "output", "o" },	   { "output-image", "oci:p" },
		{ "config", "user=a" },	   { "report", "r" },
		{ "trace", "t" },	   { "layers", "unpack" },
		{ "accel", "tcg" },	   { "no-template", "true" },
		{ "timeout", "5" },	   { "progress", "none" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (changes(cases[i][0], cases[i][1]))
			fail_msg("--%s matters", cases[i][0]);
}

static void what_is_said_twice_is_said_once(void **state)
{
	(void)state;
	/* Defaults, and an empty hook, are what nothing is. */
	assert_false(changes("name", "layer"));
	assert_false(changes("compress", "none"));
	assert_false(changes("pre-mount", ""));
}

static void guest_image_and_epoch_matter(void **state)
{
	const struct request request = { 0 };
	const struct digest one = hash(&request, NULL, NULL, KEY);
	const struct digest same = hash(&request, NULL, NULL, KEY);
	const struct digest guest = hash(&request, NULL, NULL, KEY2);
	const struct digest zero = hash(&request, "0", NULL, KEY);
	const struct digest other = hash(&request, "1", NULL, KEY);

	(void)state;
	assert_true(digest_equal(&one, &same));
	assert_false(digest_equal(&one, &guest));
	assert_false(digest_equal(&one, &zero));
	assert_false(digest_equal(&zero, &other));
}

static void of_the_image_matter_config_layers_and_their_names(void **state)
{
	const struct request request = { 0 };
	struct image_layer layers[2] = { { .name = (char *)"a" },
					 { .name = (char *)"b" } };
	struct image image = { .layers = layers, .layer_count = 2 };
	struct digest before;
	struct digest after;

	(void)state;
	strcpy(layers[0].diff_id.hex, KEY);
	strcpy(layers[1].diff_id.hex, KEY2);
	strcpy(image.config.digest.hex, KEY);
	before = hash(&request, NULL, NULL, KEY);
	after = hash(&request, NULL, &image, KEY);
	assert_false(digest_equal(&before, &after));

	before = after;
	image.path = (char *)"elsewhere";
	image.name = (char *)"other:1";
	strcpy(image.manifest.hex, KEY2);
	after = hash(&request, NULL, &image, KEY);
	assert_true(digest_equal(&before, &after));

	strcpy(layers[1].diff_id.hex, KEY);
	after = hash(&request, NULL, &image, KEY);
	assert_false(digest_equal(&before, &after));

	strcpy(layers[1].diff_id.hex, KEY2);
	strcpy(image.config.digest.hex, KEY2);
	after = hash(&request, NULL, &image, KEY);
	assert_false(digest_equal(&before, &after));

	strcpy(image.config.digest.hex, KEY);
	layers[0].name = (char *)"c";
	after = hash(&request, NULL, &image, KEY);
	assert_false(digest_equal(&before, &after));
}

/* A cache that others keep is void if this changes without INPUTS_FORMAT. */
static void the_digest_is_of_the_text_without_white_space(void **state)
{
	const struct request request = { 0 };
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };
	autojson struct json_object *inputs = NULL;
	struct digest of_text;
	struct digest digest;
	const char *text;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &around, &err), 0);
	inputs = inputs_make(&plan, NULL, KEY);
	text = json_object_to_json_string_ext(inputs, JSON_C_TO_STRING_PLAIN);
	assert_non_null(strstr(text, "{\"format\":1,\"spec\":{\"version\":1,"
				     "\"name\":\"layer\","));
	assert_non_null(strstr(text, "},\"image\":null,\"guestImage\":\"" KEY
				     "\",\"sourceDateEpoch\":null}"));
	assert_int_equal(digest_of(&of_text, text, strlen(text), &err), 0);
	assert_int_equal(inputs_digest(inputs, &digest, &err), 0);
	assert_true(digest_equal(&digest, &of_text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_hooks_see_and_what_is_written_matters),
		cmocka_unit_test(how_and_where_it_runs_does_not),
		cmocka_unit_test(what_is_said_twice_is_said_once),
		cmocka_unit_test(guest_image_and_epoch_matter),
		cmocka_unit_test(
			of_the_image_matter_config_layers_and_their_names),
		cmocka_unit_test(the_digest_is_of_the_text_without_white_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
