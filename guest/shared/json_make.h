/* SPDX-License-Identifier: MIT */
/* json_make.h - JSON to be written, whole or not at all */
#ifndef GUEST_SHARED_JSON_MAKE_H
#define GUEST_SHARED_JSON_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

/*
 * As json-c's json_object_new_*(), json_object_object_add() and
 * json_object_array_add(), for whoever puts a document together in many small
 * steps. json-c asserts where an object could not be made, and a string that
 * could not be would be left out without a word. Here each takes what another
 * could not make, and remembers for this thread that memory was short;
 * json_write() then gives nothing.
 */
struct json_object *json_make_object(void);
struct json_object *json_make_array(void);
/* NULL is text that could not be made. */
struct json_object *json_make_string(const char *text);
struct json_object *json_make_string_len(const char *text, int length);
struct json_object *json_make_bool(bool value);
struct json_object *json_make_int(int64_t value);
struct json_object *json_make_uint(uint64_t value);
struct json_object *json_make_double(double value);

/* The value is the object's afterwards; NULL stands for null. */
void json_add(struct json_object *object, const char *name,
	      struct json_object *value);
void json_append(struct json_object *array, struct json_object *value);

/*
 * Add an empty one and give it back, borrowed from its parent, to be filled;
 * NULL for want of memory, which json_add() takes for a parent.
 */
struct json_object *json_add_object(struct json_object *object,
				    const char *name);
struct json_object *json_add_array(struct json_object *object,
				   const char *name);

/* Something else that the document needs could not be had. */
void json_is_short(void);

/*
 * The document as text, terminated, with json-c's flags; valid as long as the
 * document. `size` may be NULL. NULL for want of memory, now or since this
 * thread's last call.
 */
const char *json_write(struct json_object *document, int flags, size_t *size);

#endif
