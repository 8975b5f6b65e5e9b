/* SPDX-License-Identifier: MIT */
/* json.c - see json.h */
#include "guest/shared/json.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

static int only_space(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!isspace((unsigned char)bytes[i]))
			return 0;
	return 1;
}

struct json_object *json_parse(const void *bytes, size_t size, int depth,
			       struct error *err)
{
	struct json_tokener *tokener;
	struct json_object *value;
	enum json_tokener_error why;
	size_t used;

	if (size > INT_MAX - 1) {
		error_set(err, EPROTO, "not valid JSON: %zu bytes long", size);
		return NULL;
	}
	tokener = json_tokener_new_ex(depth);
	if (!tokener) {
		error_set(err, ENOMEM, "parse JSON: out of memory");
		return NULL;
	}
	/* Strict: no comments, NaN or trailing commas. */
	json_tokener_set_flags(tokener,
			       JSON_TOKENER_STRICT |
				       JSON_TOKENER_ALLOW_TRAILING_CHARS);
	value = json_tokener_parse_ex(tokener, bytes, (int)size);
	why = json_tokener_get_error(tokener);
	used = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);

	if (why != json_tokener_success) {
		error_set(err, EPROTO, "not valid JSON: %s",
			  why == json_tokener_continue
				  ? "it ends too early"
				  : json_tokener_error_desc(why));
	} else if (!only_space((const char *)bytes + used, size - used)) {
		error_set(err, EPROTO, "not valid JSON: something follows it");
	} else if (!value) {
		error_set(err, EPROTO, "not valid JSON: null");
	} else {
		return value;
	}
	json_object_put(value);
	return NULL;
}

bool json_has(struct json_object *object, const char *name)
{
	struct json_object *field;

	return json_object_is_type(object, json_type_object) &&
	       json_object_object_get_ex(object, name, &field) && field;
}

static int get_field(struct json_object *object, const char *name,
		     enum json_type type, struct json_object **field,
		     struct error *err)
{
	if (!json_object_is_type(object, json_type_object))
		return error_set(err, EPROTO, "not a JSON object");
	if (!json_object_object_get_ex(object, name, field) || !*field)
		return error_set(err, EPROTO, "field '%s' is missing", name);
	if (!json_object_is_type(*field, type))
		return error_set(err, EPROTO, "field '%s' is not of type %s",
				 name, json_type_to_name(type));
	return 0;
}

int json_get_uint(struct json_object *object, const char *name, uint64_t max,
		  uint64_t *value, struct error *err)
{
	struct json_object *field;
	uint64_t number;

	if (get_field(object, name, json_type_int, &field, err) < 0)
		return -1;
	/* Negative numbers read as 0 unsigned, large ones as INT64_MAX signed. */
	number = json_object_get_uint64(field);
	if (json_object_get_int64(field) < 0 || number > max)
		return error_set(err, EPROTO,
				 "field '%s' is %s, not in 0 to %" PRIu64, name,
				 json_object_to_json_string(field), max);
	*value = number;
	return 0;
}

int json_get_int(struct json_object *object, const char *name, int64_t min,
		 int64_t max, int64_t *value, struct error *err)
{
	struct json_object *field;
	int64_t number;

	if (get_field(object, name, json_type_int, &field, err) < 0)
		return -1;
	number = json_object_get_int64(field);
	if (number < min || number > max)
		return error_set(err, EPROTO,
				 "field '%s' is %" PRId64 ", not in %" PRId64
				 " to %" PRId64,
				 name, number, min, max);
	*value = number;
	return 0;
}

int json_get_bool(struct json_object *object, const char *name, bool *value,
		  struct error *err)
{
	struct json_object *field;

	if (get_field(object, name, json_type_boolean, &field, err) < 0)
		return -1;
	*value = json_object_get_boolean(field);
	return 0;
}

int json_get_string(struct json_object *object, const char *name, size_t max,
		    const char **value, struct error *err)
{
	struct json_object *field;
	size_t length;

	if (get_field(object, name, json_type_string, &field, err) < 0)
		return -1;
	length = (size_t)json_object_get_string_len(field);
	if (length > max)
		return error_set(err, EPROTO,
				 "field '%s' has %zu bytes, more than %zu",
				 name, length, max);
	if (strlen(json_object_get_string(field)) != length)
		return error_set(err, EPROTO, "field '%s' holds a NUL byte",
				 name);
	*value = json_object_get_string(field);
	return 0;
}

int json_get_array(struct json_object *object, const char *name, size_t max,
		   struct json_object **array, struct error *err)
{
	struct json_object *field;

	if (get_field(object, name, json_type_array, &field, err) < 0)
		return -1;
	if (json_object_array_length(field) > max)
		return error_set(err, EPROTO,
				 "field '%s' has %zu elements, more than %zu",
				 name, json_object_array_length(field), max);
	*array = field;
	return 0;
}
