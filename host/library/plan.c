/* SPDX-License-Identifier: MIT */
/* plan.c - what will be done, see overlayvm.h */
#include "host/library/handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/json.h"
#include "host/plan/schema.h"
#include "host/plan/surroundings.h"
#include "host/text/escape.h"
#include "host/text/json_text.h"

struct overlayvm_plan *overlayvm_plan_new(
	const struct overlayvm_request *request, struct overlayvm_error *err)
{
	struct overlayvm_plan *plan = calloc(1, sizeof(*plan));
	struct surroundings surroundings;
	struct error why = { 0 };

	surroundings_read(&surroundings);
	if (plan &&
	    plan_make(&plan->plan, &request->request, &surroundings, &why) == 0)
		return plan;
	if (!plan)
		(void)error_set(&why, ENOMEM, "out of memory");
	free(plan);
	(void)error_prefix(&why, "plan");
	return error_give_null(err, &why);
}

/* Text as it is, all else as JSON has it. NULL: ENOMEM. */
static char *value_text(struct json_object *value)
{
	const char *text;

	if (json_object_is_type(value, json_type_string))
		return strdup(json_object_get_string(value));
	text = json_object_to_json_string_ext(value,
					      JSON_C_TO_STRING_NOSLASHESCAPE);
	return text ? strdup(text) : NULL;
}

char *overlayvm_plan_get(const struct overlayvm_plan *plan, const char *key,
			 struct overlayvm_error *err)
{
	autojson struct json_object *spec = plan_to_json(&plan->plan);
	struct json_object *value = NULL;
	struct error why = { 0 };
	char *text = NULL;

	if (spec && (!json_object_object_get_ex(spec, key, &value) || !value))
		return error_give_null(err, &why);
	if (spec)
		text = value_text(value);
	if (text)
		return text;
	(void)error_set(&why, ENOMEM, "out of memory");
	return error_give_null(err, &why);
}

/* What json_text() would put something else for. */
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

static int check_text(struct json_object *spec, struct error *err)
{
	struct json_object_iterator i = json_object_iter_begin(spec);
	struct json_object_iterator end = json_object_iter_end(spec);

	for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i))
		if (!is_utf8(json_object_iter_peek_value(&i)))
			return error_set(err, EILSEQ,
					 "'%s' is not UTF-8 text, which a spec "
					 "must be",
					 json_object_iter_peek_name(&i));
	return 0;
}

/* The text of it; takes `json`, NULL is one that could not be made. */
static char *give_text(struct json_object *json, struct overlayvm_error *err)
{
	char *text = json ? json_text(json, JSON_TEXT_PRETTY) : NULL;
	struct error why = { 0 };

	json_object_put(json);
	if (text)
		return text;
	(void)error_set(&why, ENOMEM, "out of memory");
	return error_give_null(err, &why);
}

char *overlayvm_plan_spec(const struct overlayvm_plan *plan,
			  struct overlayvm_error *err)
{
	struct json_object *spec = plan_to_json(&plan->plan);
	struct error why = { 0 };

	if (!spec || check_text(spec, &why) == 0)
		return give_text(spec, err);
	json_object_put(spec);
	return error_give_null(err, &why);
}

char *overlayvm_schema(struct overlayvm_error *err)
{
	return give_text(schema_make(), err);
}

void overlayvm_plan_free(struct overlayvm_plan *plan)
{
	if (!plan)
		return;
	plan_release(&plan->plan);
	free(plan);
}
