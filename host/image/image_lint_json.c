/* SPDX-License-Identifier: MIT */
/* image_lint_json.c - documents and their fields, see image_lint_state.h */
#include "host/image/image_lint_state.h"

#include <string.h>

static const char *const articles[] = {
	[json_type_null] = "null",	  [json_type_boolean] = "true or false",
	[json_type_double] = "a number",  [json_type_int] = "an integer",
	[json_type_object] = "an object", [json_type_array] = "an array",
	[json_type_string] = "a string",
};

struct json_object *image_lint_parse(struct image_lint *lint, const char *bytes,
				     size_t size, json_type type)
{
	struct json_object *document = NULL;
	struct error why;

	if (document_parse(&document, bytes, size, &why) < 0) {
		findings_add(lint->findings, RULE_JSON, "it %s", why.msg);
		return NULL;
	}
	if (!json_object_is_type(document, type)) {
		findings_add(lint->findings, RULE_JSON, "it is not %s",
			     articles[type]);
		json_object_put(document);
		return NULL;
	}
	return document;
}

struct json_object *image_lint_field(struct image_lint *lint,
				     struct json_object *object,
				     const char *key, json_type type,
				     enum rule_number rule)
{
	struct json_object *field = json_object_object_get(object, key);

	if (!field || json_object_is_type(field, type))
		return field;
	findings_add(lint->findings, rule, "'%s' is not %s", key,
		     articles[type]);
	return NULL;
}

const char *image_lint_string(struct image_lint *lint,
			      struct json_object *object, const char *key,
			      enum rule_number rule)
{
	struct json_object *field =
		image_lint_field(lint, object, key, json_type_string, rule);
	const char *string = field ? json_object_get_string(field) : NULL;

	if (!string ||
	    strlen(string) == (size_t)json_object_get_string_len(field))
		return string;
	findings_add(lint->findings, rule, "'%s' has a zero byte in it", key);
	return NULL;
}
