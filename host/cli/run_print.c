/* SPDX-License-Identifier: MIT */
/* run_print.c - see run_print.h */
#include "host/cli/run_print.h"

#include <errno.h>

#include "guest/shared/json.h"
#include "host/text/escape.h"
#include "host/cli/json_print.h"
#include "host/plan/schema.h"

/* What json_print() would put something else for. */
static bool is_utf8(struct json_object *json)
{
	const char *text = json_object_to_json_string(json);

	while (text && *text) {
		size_t length = escape_character(text);

		if (length == 0)
			return false;
		text += length;
	}
	return true;
}

int run_print_spec(const struct plan *plan, struct error *err)
{
	autojson struct json_object *spec = plan_to_json(plan);

	if (!spec)
		return error_set(err, ENOMEM, "out of memory");
	json_object_object_foreach(spec, key, value) if (
		!is_utf8(value)) return error_set(err, EILSEQ,
						  "--print-spec: '%s' is not "
						  "UTF-8 "
						  "text, which a spec must be",
						  key);
	return json_print(spec, err);
}

int run_print_schema(struct error *err)
{
	autojson struct json_object *schema = schema_make();

	if (!schema)
		return error_set(err, ENOMEM, "out of memory");
	return json_print(schema, err);
}
