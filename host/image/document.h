/* SPDX-License-Identifier: MIT */
/* document.h - the JSON of an image: read strictly, looked at with care */
#ifndef HOST_IMAGE_DOCUMENT_H
#define HOST_IMAGE_DOCUMENT_H

#include <stddef.h>

#include <json-c/json.h>

#include "guest/shared/error.h"
#include "host/image/string_list.h"

#define DOCUMENT_DEPTH_MAX 32 /* levels of nesting */

static inline void scope_document(struct json_object **document)
{
	json_object_put(*document);
}

/* The scope gives up its reference; what it was borrowed from keeps its own. */
#define autodocument __attribute__((cleanup(scope_document)))

/*
 * Read one JSON value, strictly: UTF-8, nothing after it. `null` makes
 * *document NULL, which is no failure. A key that comes twice counts once,
 * the last one. The caller owns a reference. EINVAL, or ENOMEM.
 */
int document_parse(struct json_object **document, const char *bytes,
		   size_t size, struct error *err);

/*
 * Write it in the shortest form, in the order of its keys; numbers with a
 * fraction are as they were read. *bytes is the caller's, with a zero byte
 * after the *size bytes. ENOMEM.
 */
int document_write(struct json_object *document, char **bytes, size_t *size,
		   struct error *err);

/*
 * A field of an object. What is missing or null gives NULL or an empty list;
 * another type than the one asked for, and a zero byte in a string, is EINVAL.
 * Objects and strings stay the document's, lists are the caller's.
 */
int document_object(struct json_object *object, const char *key,
		    struct json_object **field, struct error *err);
int document_string(struct json_object *object, const char *key,
		    const char **string, struct error *err);
/* *copy is the caller's, "" for NULL. ENOMEM besides. */
int document_copy(struct json_object *object, const char *key, char **copy,
		  struct error *err);
int document_strings(struct json_object *object, const char *key,
		     struct string_list *list, struct error *err);

#endif
