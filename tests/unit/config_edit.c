/* SPDX-License-Identifier: MIT */
/* config_edit.c - a config gets new layers and other settings, and no more */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "host/image/config_edit.h"

#define A     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B     "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C     "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define ID(x) "\"sha256:" x "\""

static const struct image_addition layer_c = {
	.fd = -1,
	.diff_id = { C },
	.created_by = "overlayvm run",
};

static void parse(struct image_config *config, const char *text)
{
	struct error err = { 0 };

	assert_int_equal(image_config_parse(config, strdup(text), strlen(text),
					    &err),
			 0);
}

/* What becomes of the text, or NULL and *err. The caller frees. */
static char *edit(const char *text, const struct config_edit *how,
		  struct error *err)
{
	AUTO(image_config) base = { 0 };
	char *bytes = NULL;
	size_t size = 0;

	if (text)
		parse(&base, text);
	if (config_edit(text ? &base : NULL, how, &bytes, &size, err) == 0)
		assert_int_equal(strlen(bytes), size);
	return bytes;
}

static void assert_edited(const char *text, const struct config_edit *how,
			  const char *want)
{
	struct error err = { 0 };
	autofree char *bytes = edit(text, how, &err);

	if (!bytes)
		fail_msg("%s", err.msg);
	assert_string_equal(bytes, want);
}

static void unknown_fields_stay_where_they_are(void **state)
{
	const struct config_edit how = { &layer_c, 1, NULL, 0, 1, false };

	(void)state;
	assert_edited(
		"{\"x\": 1.50e300,\"created\":\"then\",\"big\":"
		"9223372036854775807,\"huge\":18446744073709551615,"
		"\"architecture\":\"amd64\",\"variant\":\"v3\",\"os\":"
		"\"linux\",\"s\":\"a\\/b\\u00e9\\n\",\"n\":null,\"config\":{"
		"\"Env\":[\"A=b\"],\"Healthcheck\":{\"Interval\":3.0}},"
		"\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" ID(A) "," ID(
			B) "],\"y\":{}},\"history\":[{\"created_by\":\"a\"},"
			   "{\"empty_layer\":true},{\"z\":[]}]}",
		&how,
		"{\"x\":1.50e300,\"created\":\"1970-01-01T00:00:01Z\",\"big\":"
		"9223372036854775807,\"huge\":18446744073709551615,"
		"\"architecture\":\"amd64\",\"variant\":\"v3\",\"os\":"
		"\"linux\",\"s\":\"a/b\xc3\xa9\\n\",\"n\":null,\"config\":{"
		"\"Env\":[\"A=b\"],\"Healthcheck\":{\"Interval\":3.0}},"
		"\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" ID(A) "," ID(
			B) "," ID(C) "],\"y\":{}},\"history\":[{\"created_by\":"
				     "\"a\"},{\"empty_layer\":true},{\"z\":[]},"
				     "{\"created\":\"1970-01-01T00:00:01Z\","
				     "\"created_by\":\"overlayvm run\","
				     "\"comment\":\"overlayvm\"}]}");
}

static void without_a_base_there_is_a_platform(void **state)
{
	const struct config_edit how = { &layer_c, 1, NULL, 0, 0, false };

	(void)state;
	assert_edited(NULL, &how,
		      "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":"
		      "{},\"created\":\"1970-01-01T00:00:00Z\",\"rootfs\":{"
		      "\"type\":\"layers\",\"diff_ids\":[" ID(
			      C) "]},\"history\":[{\"created\":"
				 "\"1970-01-01T00:00:00Z\",\"created_by\":"
				 "\"overlayvm run\",\"comment\":\"overlayvm\"}"
				 "]}");
}

static void a_missing_history_is_made_up_for(void **state)
{
	static const char *const histories[] = { "", ",\"history\":null",
						 ",\"history\":[]" };
	const struct config_edit how = { &layer_c, 1, NULL, 0, 0, false };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(histories); i++) {
		struct error err = { 0 };
		autofree char *text = NULL;
		autofree char *bytes = NULL;

		assert_true(asprintf(&text,
				     "{\"rootfs\":{\"diff_ids\":[" ID(A) "," ID(
					     A) "]}%s}",
				     histories[i]) > 0);
		bytes = edit(text, &how, &err);
		assert_non_null(bytes);
		assert_non_null(strstr(
			bytes,
			"\"history\":[{\"comment\":\"the base image has no "
			"history\"},{\"comment\":\"the base image has no "
			"history\"},{\"created\":"));
	}
}

static void an_inconsistent_history_is_refused(void **state)
{
	static const struct {
		const char *history;
		const char *msg;
	} cases[] = {
		{ "[{}]", "its history speaks of 1 layers, but it has 2 "
			  "diff_ids" },
		{ "[{},{},{}]", "its history speaks of 3 layers, but it has 2 "
				"diff_ids" },
		{ "[{},{\"empty_layer\":true}]",
		  "its history speaks of 1 layers, but it has 2 diff_ids" },
		{ "{}", "'history' is not an array" },
		{ "[{},1]", "item 2 of 'history' is not an object" },
	};
	const struct config_edit how = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = { 0 };
		autofree char *text = NULL;

		assert_true(asprintf(&text,
				     "{\"rootfs\":{\"diff_ids\":[" ID(A) "," ID(
					     B) "]},\"history\":%s}",
				     cases[i].history) > 0);
		assert_null(edit(text, &how, &err));
		assert_string_equal(err.msg, cases[i].msg);
		assert_int_equal(err.code, EINVAL);
	}
}

static void flattened_it_has_one_layer(void **state)
{
	const struct config_edit how = { &layer_c, 1, NULL, 0, 0, true };

	(void)state;
	assert_edited("{\"architecture\":\"\",\"os\":\"linux\",\"rootfs\":{"
		      "\"diff_ids\":[" ID(A) "," ID(
			      B) "]},\"history\":[{}],\"x\":{}}",
		      &how,
		      "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":"
		      "{\"diff_ids\":[" ID(
			      C) "],\"type\":\"layers\"},\"history\":[{"
				 "\"created\":\"1970-01-01T00:00:00Z\","
				 "\"created_by\":\"overlayvm run\",\"comment\":"
				 "\"overlayvm\"}],\"x\":{},\"created\":"
				 "\"1970-01-01T00:00:00Z\"}");
}

static void what_made_a_layer_may_be_any_bytes(void **state)
{
	const struct image_addition odd = {
		.diff_id = { C },
		.created_by = "a\nb\t\"c\" \xff \xc3\xa9",
	};
	const struct config_edit how = { &odd, 1, NULL, 0, 0, false };
	struct error err = { 0 };
	autofree char *bytes = edit(NULL, &how, &err);

	(void)state;
	assert_non_null(strstr(bytes, "\"created_by\":\"a b \\\"c\\\" "
				      "\xef\xbf\xbd \xc3\xa9\""));
}

static void a_time_that_no_image_has_is_refused(void **state)
{
	struct config_edit how = { .created = INT64_C(253402300799) };
	struct error err = { 0 };
	autofree char *last = edit(NULL, &how, &err);

	(void)state;
	assert_non_null(strstr(last, "\"9999-12-31T23:59:59Z\""));
	how.created++;
	assert_null(edit(NULL, &how, &err));
	assert_string_equal(err.msg,
			    "an image cannot be of the time 253402300800 "
			    "(SOURCE_DATE_EPOCH), after the year 9999");
}

/* The config after the changes, of one that has `before`. */
static const struct {
	const char *before;
	const char *changes[4];
	const char *after;
} changed[] = {
	{ "{}", { "env=A=b" }, "{\"Env\":[\"A=b\"]}" },
	{ "null", { "env=A=b" }, "{\"Env\":[\"A=b\"]}" },
	{ "{\"Env\":[\"A=1\",\"AB=2\",\"A=3\"],\"x\":1}",
	  { "env=A=b" },
	  "{\"Env\":[\"A=b\",\"AB=2\"],\"x\":1}" },
	{ "{\"Env\":[\"A=1\",\"AB=2\"]}",
	  { "env=A", "env=B=" },
	  "{\"Env\":[\"AB=2\",\"B=\"]}" },
	{ "{\"Env\":[\"A=1\"],\"x\":1}", { "env=" }, "{\"x\":1}" },
	{ "{\"Env\":[\"A=1\"]}", { "env=", "env=B=2" }, "{\"Env\":[\"B=2\"]}" },
	{ "{\"Cmd\":[\"a\"]}",
	  { "cmd=[\"b\",\"c d\"]" },
	  "{\"Cmd\":[\"b\",\"c d\"]}" },
	{ "{}", { "cmd=b 'c'" }, "{\"Cmd\":[\"/bin/sh\",\"-c\",\"b 'c'\"]}" },
	{ "{\"Shell\":[\"/bin/bash\",\"-ec\"]}",
	  { "entrypoint=b" },
	  "{\"Shell\":[\"/bin/bash\",\"-ec\"],\"Entrypoint\":[\"/bin/bash\","
	  "\"-ec\",\"b\"]}" },
	{ "{\"Cmd\":[\"a\"],\"Entrypoint\":[\"a\"]}",
	  { "cmd=", "entrypoint=" },
	  "{}" },
	{ "{\"User\":\"a\"}",
	  { "user=1:2", "workdir=/x" },
	  "{\"User\":\"1:2\",\"WorkingDir\":\"/x\"}" },
	{ "{\"User\":\"a\"}", { "user=" }, "{}" },
	{ "{\"Labels\":null}",
	  { "label=a=b", "label=c=d", "label=a" },
	  "{\"Labels\":{\"c\":\"d\"}}" },
	{ "{}", { "label=a" }, "{}" },
	{ "{\"ExposedPorts\":{\"80/tcp\":{}}}",
	  { "expose=53/udp", "volume=/a" },
	  "{\"ExposedPorts\":{\"80/tcp\":{},\"53/udp\":{}},\"Volumes\":{"
	  "\"/a\":{}}}" },
};

static void settings_are_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(changed); i++) {
		struct config_change changes[4] = { 0 };
		struct config_edit how = { .changes = changes };
		struct error err = { 0 };
		autofree char *text = NULL;
		autofree char *bytes = NULL;
		autofree char *want = NULL;

		while (how.change_count < 4 &&
		       changed[i].changes[how.change_count]) {
			size_t n = how.change_count++;

			assert_int_equal(config_change_parse(
						 &changes[n],
						 changed[i].changes[n], &err),
					 0);
		}
		assert_true(asprintf(&text, "{\"config\":%s}",
				     changed[i].before) > 0);
		assert_true(asprintf(&want, "{\"config\":%s,\"created\":",
				     changed[i].after) > 0);
		bytes = edit(text, &how, &err);
		assert_non_null(bytes);
		print_message("%s\n", bytes);
		assert_memory_equal(bytes, want, strlen(want));
		for (size_t n = 0; n < how.change_count; n++)
			config_change_release(&changes[n]);
	}
}

static void a_field_of_the_wrong_type_is_refused(void **state)
{
	AUTO(config_change) change = { 0 };
	struct config_edit how = { .changes = &change, .change_count = 1 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(config_change_parse(&change, "label=a=b", &err), 0);
	assert_null(edit("{\"config\":{\"Labels\":[]}}", &how, &err));
	assert_string_equal(err.msg, "'Labels' is not an object");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_fields_stay_where_they_are),
		cmocka_unit_test(without_a_base_there_is_a_platform),
		cmocka_unit_test(a_missing_history_is_made_up_for),
		cmocka_unit_test(an_inconsistent_history_is_refused),
		cmocka_unit_test(flattened_it_has_one_layer),
		cmocka_unit_test(what_made_a_layer_may_be_any_bytes),
		cmocka_unit_test(a_time_that_no_image_has_is_refused),
		cmocka_unit_test(settings_are_changed),
		cmocka_unit_test(a_field_of_the_wrong_type_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
