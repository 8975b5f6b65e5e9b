/* SPDX-License-Identifier: MIT */
/* schema.c - see schema.h */
#include "host/plan/schema.h"

#include "host/plan/config_change.h"
#include "host/plan/request.h"
#include "host/plan/spec.h"
#include "guest/shared/json_make.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

static void put(struct json_object *object, const char *key, const char *text)
{
	json_add(object, key, json_make_string(text));
}

/* {"type": [first, ..., "null"]}: null is what was not given. */
static struct json_object *typed(const char *first, const char *second)
{
	struct json_object *schema = json_make_object();
	struct json_object *types = json_make_array();

	json_append(types, json_make_string(first));
	if (second)
		json_append(types, json_make_string(second));
	json_append(types, json_make_string("null"));
	json_add(schema, "type", types);
	return schema;
}

static struct json_object *one_type(const char *type)
{
	struct json_object *schema = json_make_object();

	put(schema, "type", type);
	return schema;
}

static struct json_object *words_schema(const char *const *words)
{
	struct json_object *schema = json_make_object();
	struct json_object *list = json_make_array();

	for (; *words; words++)
		json_append(list, json_make_string(*words));
	json_append(list, NULL);
	json_add(schema, "enum", list);
	return schema;
}

/* An array of strings as options have them, or an object. */
static struct json_object *list_schema(void)
{
	struct json_object *schema = typed("array", "object");

	json_add(schema, "items", one_type("string"));
	return schema;
}

static struct json_object *env_schema(void)
{
	struct json_object *schema = list_schema();

	json_add(schema, "additionalProperties", one_type("string"));
	return schema;
}

/* Names with numbers, which may be text, or an array of NAME=VALUE. */
static struct json_object *limit_schema(void)
{
	struct json_object *schema = list_schema();
	struct json_object *value = one_type("integer");
	struct json_object *types = json_make_array();

	json_append(types, json_make_string("integer"));
	json_append(types, json_make_string("string"));
	json_add(value, "type", types);
	json_add(schema, "additionalProperties", value);
	return schema;
}

/* An array, and no object. */
static struct json_object *run_schema(void)
{
	struct json_object *schema = typed("array", NULL);

	json_add(schema, "items", one_type("string"));
	return schema;
}

/* One key of config: text, a list of them, or names with their text. */
static struct json_object *change_schema(void)
{
	struct json_object *schema = typed("string", "array");

	json_append(json_object_object_get(schema, "type"),
		    json_make_string("object"));
	json_add(schema, "items", one_type("string"));
	json_add(schema, "additionalProperties", one_type("string"));
	return schema;
}

static struct json_object *config_schema(void)
{
	struct json_object *schema = list_schema();
	struct json_object *keys = json_make_object();

	for (size_t i = 0; config_change_key(i); i++)
		json_add(keys, config_change_key(i), change_schema());
	json_add(schema, "properties", keys);
	json_add(schema, "additionalProperties", json_make_bool(false));
	return schema;
}

static struct json_object *number_schema(void)
{
	struct json_object *schema = typed("integer", "string");

	json_add(schema, "minimum", json_make_int(0));
	return schema;
}

static struct json_object *schema_of(const struct setting *setting)
{
	struct json_object *schema;

	if (setting->words)
		schema = words_schema(setting->words);
	else if (setting->kind == SETTING_NUMBER)
		schema = number_schema();
	else if (setting->kind == SETTING_FLAG)
		schema = typed("boolean", NULL);
	else if (setting->kind == SETTING_ENV || setting->kind == SETTING_GIVEN)
		schema = env_schema();
	else if (setting->kind == SETTING_CONFIG)
		schema = config_schema();
	else if (setting->kind == SETTING_LIMIT)
		schema = limit_schema();
	else if (setting->kind == SETTING_RUN)
		schema = run_schema();
	else if (setting_is_list(setting))
		schema = list_schema();
	else
		schema = typed("string", NULL);
	put(schema, "description", setting->help);
	return schema;
}

static struct json_object *version_schema(void)
{
	struct json_object *schema = json_make_object();
	struct json_object *list = json_make_array();

	json_append(list, json_make_int(SPEC_VERSION));
	json_append(list, NULL);
	json_add(schema, "enum", list);
	put(schema, "description", "of the spec");
	return schema;
}

struct json_object *schema_make(void)
{
	struct json_object *schema = json_make_object();
	struct json_object *keys = json_make_object();

	if (!schema || !keys)
		return NULL;
	put(schema, "$schema", DIALECT);
	put(schema, "title", "overlayvm-spec");
	put(schema, "description",
	    "what overlayvm run --spec reads; see overlayvm-spec(5)");
	put(schema, "type", "object");
	json_add(keys, SPEC_VERSION_KEY, version_schema());
	for (size_t i = 0; i < setting_count; i++)
		json_add(keys, settings[i].key, schema_of(&settings[i]));
	json_add(schema, "properties", keys);
	json_add(schema, "additionalProperties", json_make_bool(false));
	return schema;
}
