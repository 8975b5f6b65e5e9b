/* SPDX-License-Identifier: MIT */
/* draft_json.c - see draft_json.h */
#include "host/image/draft_json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "host/image/document.h"
#include "host/image/media_type.h"
#include "guest/shared/json_make.h"

#define SCHEMA_VERSION 2

static void add_text(struct json_object *object, const char *key,
		     const char *text)
{
	json_add(object, key, json_make_string(text));
}

static void add_digest(struct json_object *object, const char *key,
		       const struct digest *digest)
{
	char text[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	(void)snprintf(text, sizeof(text), "sha256:%s", digest->hex);
	add_text(object, key, text);
}

static struct json_object *descriptor(const struct image_blob *blob)
{
	struct json_object *object = json_make_object();

	add_text(object, "mediaType", blob->media_type);
	add_digest(object, "digest", &blob->digest);
	json_add(object, "size", json_make_uint(blob->size));
	return object;
}

static void annotate(struct json_object *object, const char *key,
		     const char *value)
{
	struct json_object *annotations =
		json_object_object_get(object, "annotations");

	if (!value)
		return;
	if (!annotations)
		annotations = json_add_object(object, "annotations");
	add_text(annotations, key, value);
}

static struct json_object *versioned(const char *media_type)
{
	struct json_object *object = json_make_object();

	json_add(object, "schemaVersion", json_make_int(SCHEMA_VERSION));
	add_text(object, "mediaType", media_type);
	return object;
}

struct json_object *draft_manifest_json(const struct draft *draft, size_t count,
					const char *base_name,
					const char *base_digest)
{
	struct json_object *manifest = versioned(MEDIA_OCI_MANIFEST);
	struct json_object *layers = json_make_array();

	json_add(manifest, "config", descriptor(&draft->config));
	for (size_t i = 0; i < count; i++)
		json_append(layers, descriptor(&draft->layers[i]));
	json_add(manifest, "layers", layers);
	annotate(manifest, ANNOTATION_BASE_DIGEST, base_digest);
	annotate(manifest, ANNOTATION_BASE_NAME, base_name);
	return manifest;
}

struct json_object *draft_layout_json(void)
{
	struct json_object *layout = json_make_object();

	add_text(layout, "imageLayoutVersion", "1.0.0");
	return layout;
}

struct json_object *draft_index_json(void)
{
	struct json_object *index = versioned(MEDIA_OCI_INDEX);

	json_add(index, "manifests", json_make_array());
	return index;
}

static bool is_text(struct json_object *value, const char *text)
{
	return json_object_is_type(value, json_type_string) &&
	       strcmp(json_object_get_string(value), text) == 0;
}

/* Whether the entry must make way for this image under this name. */
static bool is_superseded(struct json_object *entry, const struct draft *draft,
			  const char *ref)
{
	struct json_object *name =
		json_object_object_get(json_object_object_get(entry,
							      "annotations"),
				       ANNOTATION_REF_NAME);
	char digest[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	if (ref)
		return is_text(name, ref);
	(void)snprintf(digest, sizeof(digest), "sha256:%s",
		       draft->manifest.digest.hex);
	return !name &&
	       is_text(json_object_object_get(entry, "digest"), digest);
}

int draft_enter(struct json_object *index, const struct draft *draft,
		const char *ref, const char *name, struct error *err)
{
	struct json_object *old = json_object_object_get(index, "manifests");
	struct json_object *new;
	struct json_object *entry;

	if (!json_object_is_type(index, json_type_object))
		return error_set(err, EINVAL, "is not a JSON object");
	if (old && !json_object_is_type(old, json_type_array))
		return error_set(err, EINVAL, "'manifests' is not an array");

	new = json_make_array();
	for (size_t i = 0; old && i < json_object_array_length(old); i++) {
		entry = json_object_array_get_idx(old, i);
		if (!is_superseded(entry, draft, ref))
			json_append(new, json_object_get(entry));
	}
	entry = descriptor(&draft->manifest);
	annotate(entry, ANNOTATION_CONTAINERD_NAME, name);
	annotate(entry, ANNOTATION_REF_NAME, ref);
	json_append(new, entry);
	json_add(index, "manifests", new);
	return 0;
}

static struct json_object *path_of(const struct image_blob *blob)
{
	char path[sizeof("blobs/sha256/") + DIGEST_HEX_LENGTH];

	(void)snprintf(path, sizeof(path), "blobs/sha256/%s", blob->digest.hex);
	return json_make_string(path);
}

struct json_object *draft_docker_json(const struct draft *draft,
				      const char *name)
{
	struct json_object *images = json_make_array();
	struct json_object *image = json_make_object();
	struct json_object *tags = json_make_array();
	struct json_object *layers = json_make_array();

	json_add(image, "Config", path_of(&draft->config));
	if (name)
		json_append(tags, json_make_string(name));
	json_add(image, "RepoTags", tags);
	for (size_t i = 0; i < draft->layer_count; i++)
		json_append(layers, path_of(&draft->layers[i]));
	json_add(image, "Layers", layers);
	json_append(images, image);
	return images;
}

struct json_object *draft_repositories_json(const struct draft *draft,
					    const char *name)
{
	struct json_object *repositories = json_make_object();
	struct json_object *tags = json_make_object();
	const char *colon = strrchr(name, ':');
	autofree char *repository = strndup(name, (size_t)(colon - name));

	add_text(tags, colon + 1,
		 draft->layers[draft->layer_count - 1].digest.hex);
	json_add(repositories, repository, tags);
	return repositories;
}
