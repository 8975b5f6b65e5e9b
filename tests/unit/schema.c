/* SPDX-License-Identifier: MIT */
/* schema.c - the schema in the tree is that of the settings table */
#include "tests/unit/unit.h"

#include <string.h>

#include "guest/shared/json.h"
#include "host/plan/plan.h"
#include "host/plan/schema.h"
#include "host/plan/spec.h"

#define FILE_NAME SOURCE_ROOT "/host/overlayvm-spec.schema.json"

/* To mend it: build/overlayvm run --print-schema >host/overlayvm-spec.schema.json */
static void the_file_in_the_tree_is_what_the_table_says(void **state)
{
	autojson struct json_object *made = schema_make();
	autojson struct json_object *file = json_object_from_file(FILE_NAME);

	(void)state;
	assert_non_null(file);
	assert_string_equal(json_object_to_json_string(file),
			    json_object_to_json_string(made));
}

static void a_plan_has_every_key_and_no_other(void **state)
{
	const struct surroundings around = { .qemu = "qemu",
					     .tmpdir = "/",
					     .memory = 8192 };
	const struct request nothing = { 0 };
	autojson struct json_object *schema = schema_make();
	autojson struct json_object *spec = NULL;
	struct json_object *keys = json_object_object_get(schema, "properties");
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(plan_make(&plan, &nothing, &around, &err), 0);
	spec = plan_to_json(&plan);
	json_object_object_foreach(keys, key, ignored)
	{
		(void)ignored;
		if (!json_object_object_get_ex(spec, key, NULL))
			fail_msg("no '%s' in the plan", key);
	}
	json_object_object_foreach(spec, name, also_ignored)
	{
		(void)also_ignored;
		if (!json_object_object_get_ex(keys, name, NULL))
			fail_msg("no '%s' in the schema", name);
	}
}

static void words_and_types_are_those_of_the_table(void **state)
{
	static const struct {
		const char *key;
		const char *schema;
	} cases[] = {
		{ "version", "{\"enum\":[1,null],\"description\":\"of the "
			     "spec\"}" },
		{ "name", "{\"type\":[\"string\",\"null\"],\"description\":"
			  "\"name in the report and the image\"}" },
		{ "accel", "{\"enum\":[\"auto\",\"kvm\",\"tcg\",null],"
			   "\"description\":\"auto, kvm or tcg (default "
			   "auto)\"}" },
		{ "noTemplate",
		  "{\"type\":[\"boolean\",\"null\"],\"description\":\"boot "
		  "the guest, instead of restoring one that has booted\"}" },
		{ "cpus", "{\"type\":[\"integer\",\"string\",\"null\"],"
			  "\"minimum\":0,\"description\":\"processors of the "
			  "virtual machine (default 1)\"}" },
	};
	autojson struct json_object *schema = schema_make();
	struct json_object *keys = json_object_object_get(schema, "properties");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(
			json_object_to_json_string_ext(
				json_object_object_get(keys, cases[i].key),
				JSON_C_TO_STRING_PLAIN),
			cases[i].schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_in_the_tree_is_what_the_table_says),
		cmocka_unit_test(a_plan_has_every_key_and_no_other),
		cmocka_unit_test(words_and_types_are_those_of_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
