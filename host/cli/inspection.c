/* SPDX-License-Identifier: MIT */
/* inspection.c - see inspection.h */
#include "host/cli/inspection.h"

#include <json-c/json.h>

#include "host/image/document.h"
#include "host/image/expand.h"

static const struct image_layer *find_layer(const struct image *image,
					    const struct digest *diff_id)
{
	for (size_t i = 0; i < image->layer_count; i++)
		if (digest_equal(&image->layers[i].diff_id, diff_id))
			return &image->layers[i];
	return NULL; /* image_list_layers() has taken every diffID */
}

static int measure(struct inspected_layer *inspected,
		   const struct image_work *work, struct error *err)
{
	const struct image_layer *layer = inspected->layer;
	const struct expand expand = {
		.in = layer->source->fd,
		.offset = layer->stored_offset,
		.size = layer->stored_size,
		.compression = layer->compression,
	};

	inspected->size = layer->stored_size;
	if (layer->compression == COMPRESSION_NONE)
		return 0;
	if (expand_run(&expand, work, NULL, &inspected->size, err) < 0)
		return error_prefix(err, "layer %zu '%s'", layer->number,
				    layer->name);
	return 0;
}

/* The size of one that was met before is known. */
static int add_layer(struct inspection *inspection,
		     const struct digest *diff_id,
		     const struct image_work *work, struct error *err)
{
	struct inspected_layer *new =
		&inspection->layers[inspection->layer_count++];

	new->layer = find_layer(inspection->image, diff_id);
	for (struct inspected_layer *old = inspection->layers; old < new; old++)
		if (old->layer == new->layer) {
			new->size = old->size;
			return 0;
		}
	return measure(new, work, err);
}

bool inspection_is_empty(struct json_object *entry)
{
	struct json_object *field = NULL;

	return json_object_object_get_ex(entry, "empty_layer", &field) &&
	       json_object_get_boolean(field);
}

static void read_history(struct inspection *inspection)
{
	struct json_object *history =
		json_object_object_get(inspection->config, "history");
	size_t made = 0;

	if (!json_object_is_type(history, json_type_array))
		return;
	inspection->history = history;
	for (size_t i = 0; i < json_object_array_length(history); i++)
		made += !inspection_is_empty(
			json_object_array_get_idx(history, i));
	inspection->history_fits = made == inspection->layer_count;
}

int inspection_make(struct inspection *inspection, const struct image *image,
		    const struct image_work *work, struct error *err)
{
	const struct image_config *config = &image->config;
	AUTO(inspection) new = { .image = image };

	if (document_parse(&new.config, config->bytes, config->size, err) < 0)
		return error_prefix(err, "config");
	new.layers = calloc(config->diff_id_count + 1, sizeof(*new.layers));
	if (!new.layers)
		return error_errno(err, "list the layers");
	for (size_t i = 0; i < config->diff_id_count; i++)
		if (add_layer(&new, &config->diff_ids[i], work, err) < 0)
			return -1;
	read_history(&new);
	*inspection = new;
	new = (struct inspection){ 0 };
	return 0;
}

void inspection_release(struct inspection *inspection)
{
	json_object_put(inspection->config);
	free(inspection->layers);
	*inspection = (struct inspection){ 0 };
}
