/* SPDX-License-Identifier: MIT */
/* name_list.c - see name_list.h */
#include "images/name_list.h"

#include <string.h>

int name_list_add_part(struct name_list *names, const char *name, size_t length,
		       struct error *err)
{
	autofree char *copy = strndup(name, length);
	char **grown = NULL;

	if (copy)
		grown = reallocarray(names->name, names->count + 1,
				     sizeof(*grown));
	if (!grown)
		return error_errno(err, "remember '%s'", name);

	names->name = grown;
	names->name[names->count++] = take_pointer(&copy);
	return 0;
}

int name_list_add(struct name_list *names, const char *name, struct error *err)
{
	return name_list_add_part(names, name, strlen(name), err);
}

int name_list_add_lines(struct name_list *names, const char *text,
			struct error *err)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (length > 0 &&
		    name_list_add_part(names, text, length, err) < 0)
			return -1;
		text += length + (text[length] == '\n');
	}
	return 0;
}

bool name_list_have(const struct name_list *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

void name_list_release(struct name_list *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct name_list){ 0 };
}
