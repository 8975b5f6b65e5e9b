/* SPDX-License-Identifier: MIT */
/* json_make.c - see json_make.h */
#include "guest/shared/json_make.h"

static _Thread_local bool is_short;

static struct json_object *made(struct json_object *value)
{
	if (!value)
		is_short = true;
	return value;
}

struct json_object *json_make_object(void)
{
	return made(json_object_new_object());
}

struct json_object *json_make_array(void)
{
	return made(json_object_new_array());
}

struct json_object *json_make_string(const char *text)
{
	return made(text ? json_object_new_string(text) : NULL);
}

struct json_object *json_make_string_len(const char *text, int length)
{
	return made(json_object_new_string_len(text, length));
}

struct json_object *json_make_bool(bool value)
{
	return made(json_object_new_boolean(value));
}

struct json_object *json_make_int(int64_t value)
{
	return made(json_object_new_int64(value));
}

struct json_object *json_make_uint(uint64_t value)
{
	return made(json_object_new_uint64(value));
}

struct json_object *json_make_double(double value)
{
	return made(json_object_new_double(value));
}

void json_add(struct json_object *object, const char *name,
	      struct json_object *value)
{
	if (!object || json_object_object_add(object, name, value) < 0) {
		is_short = true;
		(void)json_object_put(value);
	}
}

void json_append(struct json_object *array, struct json_object *value)
{
	if (!array || json_object_array_add(array, value) < 0) {
		is_short = true;
		(void)json_object_put(value);
	}
}

struct json_object *json_add_object(struct json_object *object,
				    const char *name)
{
	json_add(object, name, json_make_object());
	return json_object_object_get(object, name);
}

struct json_object *json_add_array(struct json_object *object, const char *name)
{
	json_add(object, name, json_make_array());
	return json_object_object_get(object, name);
}

void json_is_short(void)
{
	is_short = true;
}

/*
 * json-c does not say that its text could not grow, it leaves something out.
 * The next time it has the room already: two that agree are whole.
 */
const char *json_write(struct json_object *document, int flags, size_t *size)
{
	bool was_short = is_short;
	const char *text = NULL;
	size_t length = 0;
	size_t before;

	is_short = false;
	if (was_short)
		return NULL;
	do {
		before = length;
		text = json_object_to_json_string_length(document, flags,
							 &length);
	} while (text && length != before);
	if (size)
		*size = length;
	return text;
}
