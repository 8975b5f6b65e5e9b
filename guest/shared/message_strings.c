/* SPDX-License-Identifier: MIT */
/* message_strings.c - see message_strings.h */
#include "guest/shared/message_strings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"

struct json_object *message_strings_json(const struct message_strings *list)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < list->count; i++)
		json_append(array, json_make_string(list->item[i]));
	return array;
}

int message_strings_add(struct message_strings *list, const char *text)
{
	char **item = reallocarray(list->item, list->count + 2, sizeof(*item));

	if (!item)
		return -1;
	list->item = item;
	item[list->count] = strdup(text);
	item[list->count + 1] = NULL;
	if (!item[list->count])
		return -1;
	list->count++;
	return 0;
}

static int add_element(struct message_strings *list, struct json_object *text,
		       const char *name, struct error *err)
{
	if (!json_object_is_type(text, json_type_string))
		return error_set(err, EPROTO,
				 "field '%s' has an element that is no string",
				 name);
	if (message_strings_add(list, json_object_get_string(text)) < 0)
		return error_set(err, ENOMEM, "out of memory");
	return 0;
}

int message_strings_read(struct message_strings *list,
			 struct json_object *object, const char *name,
			 size_t max, struct error *err)
{
	struct json_object *array;
	size_t count;

	if (json_get_array(object, name, max, &array, err) < 0)
		return -1;
	count = json_object_array_length(array);
	for (size_t i = 0; i < count; i++)
		if (add_element(list, json_object_array_get_idx(array, i), name,
				err) < 0)
			return -1;
	return 0;
}

void message_strings_release(struct message_strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->item[i]);
	free(list->item);
	*list = (struct message_strings){ 0 };
}
