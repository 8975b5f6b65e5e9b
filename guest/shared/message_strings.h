/* SPDX-License-Identifier: MIT */
/* message_strings.h - lists of strings within messages */
#ifndef GUEST_SHARED_MESSAGE_STRINGS_H
#define GUEST_SHARED_MESSAGE_STRINGS_H

#include <stddef.h>

#include <json-c/json.h>

#include "guest/shared/error.h"

/* Strings are bytes, without a NUL among them. */
struct message_strings {
	char **item; /* owned, as is each; NULL-terminated; NULL: none */
	size_t count;
};

/* As a JSON array, the caller's. */
struct json_object *message_strings_json(const struct message_strings *list);

/*
 * Read the member `name`, an array of at most `max` strings. EPROTO if it is
 * anything else, ENOMEM. What was read before a failure is the caller's.
 */
int message_strings_read(struct message_strings *list,
			 struct json_object *object, const char *name,
			 size_t max, struct error *err);

/* Append a copy. -1 for want of memory. */
int message_strings_add(struct message_strings *list, const char *text);

void message_strings_release(struct message_strings *list);

#endif
