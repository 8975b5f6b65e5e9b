/* SPDX-License-Identifier: MIT */
/* json_text.h - JSON that others can read, whatever is in its strings */
#ifndef HOST_TEXT_JSON_TEXT_H
#define HOST_TEXT_JSON_TEXT_H

#include <json-c/json.h>

/* Flags for what people look at, too: one thing a line. */
#define JSON_TEXT_PRETTY                                                       \
	(JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |                   \
	 JSON_C_TO_STRING_NOSLASHESCAPE)

/*
 * The value as json-c writes it with these flags, and a newline. JSON is
 * UTF-8, and names of files need not be: what is none becomes U+FFFD. The
 * caller's to free, NULL for want of memory.
 */
char *json_text(struct json_object *json, int flags);

#endif
