/* SPDX-License-Identifier: MIT */
/* annotations.c - see annotations.h */
#include "host/image/annotations.h"

#include <errno.h>
#include <string.h>

#include "host/image/document.h"

#define FIELD "annotations"

static int add(struct annotations *annotations, struct json_object *object,
	       const char *key, struct error *err)
{
	struct annotation *item = &annotations->item[annotations->count++];
	const char *value;

	if (document_string(object, key, &value, err) < 0)
		return error_prefix(err, "'" FIELD "'");
	item->key = strdup(key);
	item->value = strdup(value ? value : "");
	if (!item->key || !item->value)
		return error_errno(err, "read '" FIELD "'");
	return 0;
}

int annotations_read(struct annotations *annotations,
		     struct json_object *object, struct error *err)
{
	AUTO(annotations) new = { 0 };
	struct json_object *field;

	if (document_object(object, FIELD, &field, err) < 0)
		return -1;
	if (!field)
		return 0;
	new.item = calloc((size_t)json_object_object_length(field) + 1,
			  sizeof(*new.item));
	if (!new.item)
		return error_errno(err, "read '" FIELD "'");
	json_object_object_foreach(field, key, value)
	{
		(void)value;
		if (add(&new, field, key, err) < 0)
			return -1;
	}

	*annotations = new;
	new = (struct annotations){ 0 };
	return 0;
}

const char *annotations_find(const struct annotations *annotations,
			     const char *key)
{
	for (size_t i = 0; i < annotations->count; i++)
		if (strcmp(annotations->item[i].key, key) == 0)
			return annotations->item[i].value;
	return NULL;
}

void annotations_release(struct annotations *annotations)
{
	for (size_t i = 0; i < annotations->count; i++) {
		free(annotations->item[i].key);
		free(annotations->item[i].value);
	}
	free(annotations->item);
	*annotations = (struct annotations){ 0 };
}
