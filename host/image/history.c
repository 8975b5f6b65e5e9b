/* SPDX-License-Identifier: MIT */
/* history.c - see history.h */
#include "host/image/history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/utf8.h"
#include "host/image/document.h"
#include "guest/shared/json_make.h"

#define COMMENT "overlayvm"
#define UNKNOWN "the base image has no history"

/* What is not UTF-8 becomes U+FFFD, and what is no text a space. */
static struct json_object *text_of(const char *bytes)
{
	struct json_object *string = NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	while (out && *bytes) {
		size_t length = utf8_character(bytes);

		if (length == 0)
			fputs("\xef\xbf\xbd", out);
		else if (length == 1 && (unsigned char)*bytes < ' ')
			(void)fputc(' ', out);
		else
			fwrite(bytes, 1, length, out);
		bytes += length > 0 ? length : 1;
	}
	if (out && fclose(out) == 0)
		string = json_make_string(text);
	if (!string)
		json_is_short();
	free(text);
	return string;
}

static void add_unknown(struct json_object *history)
{
	struct json_object *entry = json_make_object();

	json_add(entry, "comment", json_make_string(UNKNOWN));
	json_append(history, entry);
}

static int count_layers(struct json_object *history, size_t *layers,
			struct error *err)
{
	size_t count = json_object_array_length(history);

	*layers = 0;
	for (size_t i = 0; i < count; i++) {
		struct json_object *entry =
			json_object_array_get_idx(history, i);

		if (!json_object_is_type(entry, json_type_object))
			return error_set(err, EINVAL,
					 "item %zu of 'history' is not an "
					 "object",
					 i + 1);
		*layers += !json_object_get_boolean(
			json_object_object_get(entry, "empty_layer"));
	}
	return 0;
}

int history_mend(struct json_object *document, size_t layers, struct error *err)
{
	struct json_object *history =
		json_object_object_get(document, "history");
	size_t counted;

	if (history && !json_object_is_type(history, json_type_array))
		return error_set(err, EINVAL, "'history' is not an array");
	if (!history)
		history = json_add_array(document, "history");
	if (!history)
		return error_set(err, ENOMEM, "out of memory");
	if (json_object_array_length(history) == 0)
		for (size_t i = 0; i < layers; i++)
			add_unknown(history);
	if (count_layers(history, &counted, err) < 0)
		return -1;
	if (counted != layers)
		return error_set(err, EINVAL,
				 "its history speaks of %zu layers, but it has "
				 "%zu diff_ids",
				 counted, layers);
	return 0;
}

void history_append(struct json_object *document,
		    const struct image_addition *addition, const char *created)
{
	struct json_object *entry = json_make_object();

	json_add(entry, "created", json_make_string(created));
	json_add(entry, "created_by", text_of(addition->created_by));
	json_add(entry, "comment", json_make_string(COMMENT));
	json_append(json_object_object_get(document, "history"), entry);
}
