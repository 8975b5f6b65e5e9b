/* SPDX-License-Identifier: MIT */
/* inputs.c - see inputs.h */
#include "host/run/inputs.h"

#include <errno.h>
#include <stdio.h>

#include "host/plan/request.h"
#include "guest/shared/json_make.h"
#include "host/run/handover.h"

static void put_text(struct json_object *object, const char *key,
		     const char *text)
{
	json_add(object, key, json_make_string(text));
}

static void put_digest(struct json_object *object, const char *key,
		       const struct digest *digest)
{
	char text[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	(void)snprintf(text, sizeof(text), "sha256:%s", digest->hex);
	json_add(object, key, digest->hex[0] ? json_make_string(text) : NULL);
}

static struct json_object *spec_json(const struct plan *plan)
{
	struct json_object *spec = plan_to_json(plan);

	for (size_t i = 0; spec && i < setting_count; i++)
		if (settings[i].apart)
			json_object_object_del(spec, settings[i].key);
	/* What is read of them counts, not where it lies. */
	json_object_object_del(spec, "input");
	return spec;
}

static struct json_object *image_json(const struct image *image)
{
	struct json_object *object = json_make_object();
	struct json_object *layers = json_make_array();

	for (size_t i = 0; i < image->layer_count; i++) {
		struct json_object *layer = json_make_object();

		put_text(layer, "name", image->layers[i].name);
		put_digest(layer, "diffId", &image->layers[i].diff_id);
		json_append(layers, layer);
	}
	put_digest(object, "config", &image->config.digest);
	json_add(object, "layers", layers);
	return object;
}

struct json_object *inputs_make(const struct plan *plan,
				const struct image *image,
				const char *guest_key)
{
	struct json_object *inputs = json_make_object();

	if (!inputs)
		return NULL;
	json_add(inputs, "format", json_make_int(INPUTS_FORMAT));
	json_add(inputs, "spec", spec_json(plan));
	json_add(inputs, "image", image ? image_json(image) : NULL);
	put_text(inputs, "guestImage", guest_key);
	json_add(inputs, "sourceDateEpoch",
		 plan->has_clamp ? json_make_int(plan->clamp) : NULL);
	return inputs;
}

int inputs_add_given(struct json_object *inputs, const struct plan *plan,
		     struct error *err)
{
	struct json_object *list;

	if (plan->input_count == 0)
		return 0;
	list = json_add_object(inputs, "inputs");
	for (size_t i = 0; i < plan->input_count; i++) {
		struct digest digest;

		if (handover_digest(&digest, &plan->inputs[i], err) < 0)
			return -1;
		put_digest(list, plan->inputs[i].name, &digest);
	}
	return 0;
}

int inputs_digest(struct json_object *inputs, struct digest *digest,
		  struct error *err)
{
	size_t size;
	const char *text = json_write(inputs,
				      JSON_C_TO_STRING_PLAIN |
					      JSON_C_TO_STRING_NOSLASHESCAPE,
				      &size);

	if (!text)
		return error_set(err, ENOMEM, "out of memory");
	return digest_of(digest, text, size, err);
}
