/* SPDX-License-Identifier: MIT */
/* json.h - fields out of JSON that may be hostile */
#ifndef GUEST_SHARED_JSON_H
#define GUEST_SHARED_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "guest/shared/error.h"

/*
 * Parse `size` bytes that must be exactly one JSON value, nested at most
 * `depth` levels; white space may follow. Returns it with one reference, the
 * caller's to json_object_put(), or NULL with EPROTO ("not valid JSON: …").
 */
struct json_object *json_parse(const void *bytes, size_t size, int depth,
			       struct error *err);

/*
 * Each takes the field `name` of an object. EPROTO if the value is not an
 * object, if the field is missing or null, or of another type or range; the
 * message names the field. Outputs are written only on success.
 */
int json_get_uint(struct json_object *object, const char *name, uint64_t max,
		  uint64_t *value, struct error *err);
int json_get_int(struct json_object *object, const char *name, int64_t min,
		 int64_t max, int64_t *value, struct error *err);
int json_get_bool(struct json_object *object, const char *name, bool *value,
		  struct error *err);

/* A string without NUL of at most `max` bytes; borrowed from the object. */
int json_get_string(struct json_object *object, const char *name, size_t max,
		    const char **value, struct error *err);

/* An array of at most `max` elements; borrowed from the object. */
int json_get_array(struct json_object *object, const char *name, size_t max,
		   struct json_object **array, struct error *err);

/* true if the object has the field and it is not null. */
bool json_has(struct json_object *object, const char *name);

/* What a scope puts back: autojson struct json_object *o = NULL; */
static inline void scope_json(struct json_object **object)
{
	json_object_put(*object);
}
#define autojson __attribute__((cleanup(scope_json)))

#endif
