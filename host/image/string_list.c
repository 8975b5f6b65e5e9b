/* SPDX-License-Identifier: MIT */
/* string_list.c - see string_list.h */
#include "host/image/string_list.h"

#include <errno.h>

int string_list_make(struct string_list *list, size_t count, struct error *err)
{
	char **item = calloc(count + 1, sizeof(*item));

	if (!item)
		return error_errno(err, "make a list of %zu strings", count);
	*list = (struct string_list){ .item = item, .count = count };
	return 0;
}

void string_list_release(struct string_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->item[i]);
	free(list->item);
	*list = (struct string_list){ 0 };
}
