/* SPDX-License-Identifier: MIT */
/* inspection_json.c - an inspected image as JSON, see inspection.h */
#include "host/cli/inspection.h"

#include <json-c/json.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/cli/json_print.h"

#define DIGEST_SIZE (sizeof("sha256:") + DIGEST_HEX_LENGTH)

static struct json_object *digest_json(const struct digest *digest)
{
	char text[DIGEST_SIZE];

	(void)snprintf(text, sizeof(text), "sha256:%s", digest->hex);
	return json_make_string(text);
}

/* The image's own words, as they stand. */
static void add_field(struct json_object *to, const char *name,
		      struct json_object *from, const char *key)
{
	json_add(to, name, json_object_get(json_object_object_get(from, key)));
}

static struct json_object *layer_json(const struct inspected_layer *inspected)
{
	const struct image_layer *layer = inspected->layer;
	struct json_object *o = json_make_object();

	json_add(o, "diffId", digest_json(&layer->diff_id));
	json_add(o, "storedSize", json_make_uint(layer->stored_size));
	json_add(o, "compression",
		 json_make_string(
			 layer->compression == COMPRESSION_NONE
				 ? "none"
				 : compression_name(layer->compression)));
	json_add(o, "size", json_make_uint(inspected->size));
	return o;
}

static struct json_object *layers_json(const struct inspection *inspection)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < inspection->layer_count; i++)
		json_append(array, layer_json(&inspection->layers[i]));
	return array;
}

/* Each entry with the number of the layer that it made, from 1. */
static struct json_object *history_json(const struct inspection *inspection)
{
	struct json_object *array = json_make_array();
	size_t count = inspection->history
			       ? json_object_array_length(inspection->history)
			       : 0;
	uint64_t layer = 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *entry =
			json_object_array_get_idx(inspection->history, i);
		struct json_object *o = json_make_object();
		bool made =
			inspection->history_fits && !inspection_is_empty(entry);

		add_field(o, "created", entry, "created");
		add_field(o, "createdBy", entry, "created_by");
		add_field(o, "author", entry, "author");
		add_field(o, "comment", entry, "comment");
		json_add(o, "layer", made ? json_make_uint(++layer) : NULL);
		json_append(array, o);
	}
	return array;
}

static struct json_object *platform_json(struct json_object *config)
{
	struct json_object *o = json_make_object();

	add_field(o, "os", config, "os");
	add_field(o, "architecture", config, "architecture");
	add_field(o, "variant", config, "variant");
	return o;
}

int inspection_print_json(const struct inspection *inspection,
			  struct error *err)
{
	autojson struct json_object *o = json_make_object();
	const struct image *image = inspection->image;

	json_add(o, "name", image->name ? json_make_string(image->name) : NULL);
	json_add(o, "id", digest_json(&image->config.digest));
	json_add(o, "digest",
		 *image->manifest.hex ? digest_json(&image->manifest) : NULL);
	json_add(o, "platform", platform_json(inspection->config));
	add_field(o, "created", inspection->config, "created");
	add_field(o, "author", inspection->config, "author");
	add_field(o, "config", inspection->config, "config");
	json_add(o, "layers", layers_json(inspection));
	json_add(o, "history", history_json(inspection));
	return json_print(o, err);
}
