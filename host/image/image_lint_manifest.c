/* SPDX-License-Identifier: MIT */
/* image_lint_manifest.c - a manifest and its parts, see image_lint_oci.h */
#include "host/image/image_lint_oci.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void list_layers(struct image_lint *lint, struct json_object *array,
			struct image_lint_layer *layers,
			struct image_lint_descriptor *descriptors, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct json_object *item = json_object_array_get_idx(array, i);
		struct image_lint_descriptor *d = &descriptors[i];
		char what[32];

		(void)snprintf(what, sizeof(what), "layer %zu", i + 1);
		if (image_lint_descriptor(lint, item, what, d))
			layers[i] = (struct image_lint_layer){
				.file = d->file,
				.media_type = d->media_type,
				.has_digest = true,
				.digest = d->digest,
				.size = d->size,
			};
	}
}

/* Something that registries carry, and nobody runs: attestations, charts. Of
 * that only the digests are looked at. */
static int check_artifact(struct image_lint *lint,
			  const struct image_lint_layer *layers, size_t count,
			  struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		AUTO(stored) stored = { 0 };
		bool found;

		if (image_lint_find(lint, &layers[i], &stored, &found, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_layer(const char *media_type)
{
	return media_type && (strstr(media_type, ".image.layer.") ||
			      strstr(media_type, ".image.rootfs."));
}

/* An attestation has the config of an image, and no layer of one. */
static bool is_image(const struct image_lint_descriptor *config,
		     const struct image_lint_layer *layers, size_t count)
{
	if (image_lint_kind(config->media_type) != IMAGE_LINT_CONFIG)
		return false;
	return count == 0 || is_layer(layers[0].media_type) ||
	       !layers[0].media_type ||
	       !strstr(layers[0].media_type, "in-toto");
}

static int check_parts(struct image_lint *lint,
		       const struct image_lint_descriptor *config,
		       struct json_object *array, struct error *err)
{
	size_t count = array ? json_object_array_length(array) : 0;
	autofree struct image_lint_layer *layers =
		calloc(count + 1, sizeof(*layers));
	autofree struct image_lint_descriptor *descriptors =
		calloc(count + 1, sizeof(*descriptors));
	autofree char *bytes = NULL;
	size_t size;

	if (!layers || !descriptors)
		return error_errno(err, "list the layers");
	list_layers(lint, array, layers, descriptors, count);
	if (image_lint_blob(lint, config, "config", &bytes, &size, err) < 0)
		return -1;
	if (!is_image(config, layers, count))
		return check_artifact(lint, layers, count, err);
	return bytes ? image_lint_one(lint, bytes, size, layers, count, err)
		     : 0;
}

int image_lint_manifest(struct image_lint *lint,
			const struct image_lint_descriptor *descriptor,
			struct error *err)
{
	autodocument struct json_object *manifest = NULL;
	struct json_object *config, *layers;
	struct image_lint_descriptor of_config = { 0 };
	autofree char *bytes = NULL;
	size_t size;

	findings_at(lint->findings, "manifest %.*s", IMAGE_LINT_DIGITS,
		    descriptor->digest.hex);
	if (image_lint_blob(lint, descriptor, "it", &bytes, &size, err) < 0)
		return -1;
	if (bytes)
		manifest =
			image_lint_parse(lint, bytes, size, json_type_object);
	if (!manifest)
		return 0;
	image_lint_head(lint, manifest, IMAGE_LINT_MANIFEST);
	config = image_lint_field(lint, manifest, "config", json_type_object,
				  RULE_MANIFEST);
	layers = image_lint_field(lint, manifest, "layers", json_type_array,
				  RULE_MANIFEST);
	if (!config || !layers)
		findings_add(lint->findings, RULE_MANIFEST, "it has no '%s'",
			     config ? "layers" : "config");
	if (!config ||
	    !image_lint_descriptor(lint, config, "config", &of_config))
		return 0;
	return check_parts(lint, &of_config, layers, err);
}
