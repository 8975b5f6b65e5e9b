/* SPDX-License-Identifier: MIT */
/* string_list.h - a list of strings, as argv is one */
#ifndef HOST_IMAGE_STRING_LIST_H
#define HOST_IMAGE_STRING_LIST_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct string_list {
	char **item; /* owned, as is each; ends with NULL; NULL when empty */
	size_t count;
};

/* Set an empty list to `count` places for strings, all NULL. ENOMEM. */
int string_list_make(struct string_list *list, size_t count, struct error *err);

void string_list_release(struct string_list *list);

DEFINE_AUTO(string_list, string_list_release)

#endif
