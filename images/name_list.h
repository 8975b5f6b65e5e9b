/* SPDX-License-Identifier: MIT */
/* name_list.h - a list of strings that grows */
#ifndef IMAGES_NAME_LIST_H
#define IMAGES_NAME_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct name_list {
	char **name; /* owned, as is each string */
	size_t count;
};

/* Appends a copy of `name`, or of its first `length` bytes. */
int name_list_add(struct name_list *names, const char *name, struct error *err);
int name_list_add_part(struct name_list *names, const char *name, size_t length,
		       struct error *err);

/* Appends each line of `text`, without its newline and without empty ones. */
int name_list_add_lines(struct name_list *names, const char *text,
			struct error *err);

bool name_list_have(const struct name_list *names, const char *name);

void name_list_release(struct name_list *names);

DEFINE_AUTO(name_list, name_list_release)

#endif
