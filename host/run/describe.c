/* SPDX-License-Identifier: MIT */
/* describe.c - see state.h: a run before it runs, as JSON */
#include <stdio.h>

#include <json-c/json.h>

#include "host/run/state.h"

#include "guest/shared/json_make.h"

static void add_digest(struct json_object *object, const char *key,
		       const struct digest *digest)
{
	char text[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	(void)snprintf(text, sizeof(text), "sha256:%s", digest->hex);
	json_add(object, key, json_make_string(text));
}

static struct json_object *layers_json(const struct image *image)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < image->layer_count; i++) {
		const struct image_layer *layer = &image->layers[i];
		struct json_object *object = json_make_object();
		json_add(object, "name", json_make_string(layer->name));
		if (layer->stored.hex[0])
			add_digest(object, "digest", &layer->stored);
		add_digest(object, "diffId", &layer->diff_id);
		json_add(object, "storedSize",
			 json_make_uint(layer->stored_size));
		json_append(array, object);
	}
	return array;
}

struct json_object *run_describe(const struct run *run)
{
	struct json_object *preview = json_make_object();
	struct json_object *image = json_make_object();
	struct json_object *host = json_make_object();

	json_add(preview, "spec", plan_to_json(run->plan));
	json_add(preview, "sourceDateEpoch",
		 run->plan->has_clamp ? json_make_int(run->plan->clamp) : NULL);
	if (run->image.path) {
		json_add(image, "name",
			 run->image.name ? json_make_string(run->image.name)
					 : NULL);
		add_digest(image, "id", &run->image.config.digest);
		if (run->image.manifest.hex[0])
			add_digest(image, "manifest", &run->image.manifest);
		json_add(image, "layers", layers_json(&run->image));
		json_add(preview, "image", image);
	} else {
		json_object_put(image);
	}
	json_add(host, "qemu", json_make_string(run->qemu));
	json_add(host, "passt",
		 run->passt_program ? json_make_string(run->passt_program)
				    : NULL);
	json_add(host, "guestImage", json_make_string(run->guest.dir));
	json_add(host, "kernel", json_make_string(run->guest.kernel_version));
	json_add(preview, "host", host);
	return preview;
}
