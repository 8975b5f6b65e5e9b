/* SPDX-License-Identifier: MIT */
/* image_lint_docker.c - manifest.json, see image_lint_state.h */
#include "host/image/image_lint_state.h"

#include <errno.h>
#include <string.h>

#include "host/image/docker_manifest.h"
#include "host/image/name.h"

/* docker load wants a tag that is there, and not one that is understood. */
static bool has_tag(const char *name)
{
	const char *slash = strrchr(name, '/');

	return strchr(slash ? slash : name, ':') && !strchr(name, '@');
}

static void check_tag(struct image_lint *lint, const char *tag)
{
	autofree char *full = image_name_normalise(tag);

	if (!full || !has_tag(tag))
		findings_add(lint->findings, RULE_TAG,
			     "'%.200s' is no name with a tag", tag);
}

/* Whether the image is to be looked at. */
static bool check_tags(struct image_lint *lint, struct json_object *image)
{
	struct json_object *tags =
		image_lint_field(lint, image, "RepoTags", json_type_array,
				 RULE_MANIFEST);
	size_t count = tags ? json_object_array_length(tags) : 0;
	bool wanted = !lint->wanted;

	for (size_t i = 0; i < count; i++) {
		struct json_object *tag = json_object_array_get_idx(tags, i);
		const char *text = json_object_is_type(tag, json_type_string)
					   ? json_object_get_string(tag)
					   : "";

		check_tag(lint, text);
		wanted |= image_lint_is_wanted(lint, text);
	}
	return wanted;
}

static int list_layers(struct image_lint *lint, struct json_object *array,
		       struct image_lint_layer **layers, size_t *count,
		       struct error *err)
{
	*count = array ? json_object_array_length(array) : 0;
	*layers = calloc(*count + 1, sizeof(**layers));
	if (!*layers)
		return error_errno(err, "list the layers");
	for (size_t i = 0; i < *count; i++) {
		struct json_object *item = json_object_array_get_idx(array, i);

		if (json_object_is_type(item, json_type_string))
			(*layers)[i].file = json_object_get_string(item);
		else
			findings_add(lint->findings, RULE_MANIFEST,
				     "item %zu of 'Layers' is not a string",
				     i + 1);
	}
	return 0;
}

/* The digests that the names of files say, as those of all known writers do. */
static void check_config_name(struct image_lint *lint, const char *name,
			      const char *bytes, size_t size)
{
	const struct docker_image image = { .config = (char *)name };
	struct digest id, digest;
	struct error ignored;

	if (docker_image_id(&image, &id) &&
	    digest_of(&digest, bytes, size, &ignored) == 0 &&
	    !digest_equal(&id, &digest))
		findings_add(lint->findings, RULE_BLOB_DIGEST,
			     "config '%.300s' is sha256:%s", name, digest.hex);
}

static int check_image(struct image_lint *lint, struct json_object *image,
		       struct error *err)
{
	const char *config =
		image_lint_string(lint, image, "Config", RULE_MANIFEST);
	struct json_object *array =
		image_lint_field(lint, image, "Layers", json_type_array,
				 RULE_MANIFEST);
	autofree struct image_lint_layer *layers = NULL;
	autofree char *bytes = NULL;
	struct error why;
	size_t size, count;

	if (!config) {
		findings_add(lint->findings, RULE_MANIFEST,
			     "an image has no 'Config'");
		return 0;
	}
	if (store_read(lint->store, config, IMAGE_LINT_DOCUMENT_MAX, &bytes,
		       &size, &why) < 0) {
		findings_add(lint->findings,
			     why.code == EFBIG ? RULE_LIMIT : RULE_BLOB,
			     "config: %s", why.msg);
		return 0;
	}
	check_config_name(lint, config, bytes, size);
	if (list_layers(lint, array, &layers, &count, err) < 0)
		return -1;
	return image_lint_one(lint, bytes, size, layers, count, err);
}

int image_lint_docker(struct image_lint *lint, struct error *err)
{
	autodocument struct json_object *manifest = NULL;
	autofree char *bytes = NULL;
	struct error why;
	size_t size;

	findings_at(lint->findings, DOCKER_MANIFEST_NAME);
	if (store_read(lint->store, DOCKER_MANIFEST_NAME, DOCKER_MANIFEST_MAX,
		       &bytes, &size, &why) < 0) {
		findings_add(lint->findings,
			     why.code == EFBIG ? RULE_LIMIT : RULE_BLOB, "%s",
			     why.msg);
		return 0;
	}
	manifest = image_lint_parse(lint, bytes, size, json_type_array);
	if (manifest && json_object_array_length(manifest) == 0)
		findings_add(lint->findings, RULE_MANIFEST,
			     "it holds no image");
	for (size_t i = 0; manifest && i < json_object_array_length(manifest);
	     i++) {
		struct json_object *image =
			json_object_array_get_idx(manifest, i);

		findings_at(lint->findings, DOCKER_MANIFEST_NAME);
		if (!json_object_is_type(image, json_type_object))
			findings_add(lint->findings, RULE_MANIFEST,
				     "item %zu is not an object", i + 1);
		else if (check_tags(lint, image) &&
			 check_image(lint, image, err) < 0)
			return -1;
	}
	return 0;
}
