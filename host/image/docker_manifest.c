/* SPDX-License-Identifier: MIT */
/* docker_manifest.c - see docker_manifest.h */
#include "host/image/docker_manifest.h"

#include <errno.h>
#include <string.h>

#include "host/image/document.h"
#include "host/image/name.h"

static int read_image(struct docker_image *image, struct json_object *object,
		      struct error *err)
{
	const char *config;

	if (!json_object_is_type(object, json_type_object))
		return error_set(err, EINVAL, "is not an object");
	if (document_string(object, "Config", &config, err) < 0)
		return -1;
	if (!config || !*config)
		return error_set(err, EINVAL, "has no 'Config'");

	/* What is read before a failure is released with the manifest. */
	image->config = strdup(config);
	if (!image->config)
		return error_errno(err, "copy 'Config'");
	if (document_strings(object, "RepoTags", &image->tags, err) < 0 ||
	    document_strings(object, "Layers", &image->layers, err) < 0)
		return -1;
	return 0;
}

static int read_images(struct docker_manifest *manifest,
		       struct json_object *document, struct error *err)
{
	size_t count;

	if (!json_object_is_type(document, json_type_array))
		return error_set(err, EINVAL, "is not an array");
	count = json_object_array_length(document);
	if (count == 0)
		return error_set(err, EINVAL, "holds no image");

	manifest->images = calloc(count, sizeof(*manifest->images));
	if (!manifest->images)
		return error_errno(err, "list the images");
	manifest->count = count;
	for (size_t i = 0; i < count; i++)
		if (read_image(&manifest->images[i],
			       json_object_array_get_idx(document, i), err) < 0)
			return error_prefix(err, "image %zu", i + 1);
	return 0;
}

int docker_manifest_parse(struct docker_manifest *manifest, const char *bytes,
			  size_t size, struct error *err)
{
	AUTO(docker_manifest) new = { 0 };
	autodocument struct json_object *document = NULL;

	if (document_parse(&document, bytes, size, err) < 0 ||
	    read_images(&new, document, err) < 0)
		return -1;

	*manifest = new;
	new = (struct docker_manifest){ 0 };
	return 0;
}

bool docker_image_id(const struct docker_image *image, struct digest *id)
{
	static const struct {
		const char *before;
		const char *after;
	} forms[] = {
		{ "", ".json" },
		{ "blobs/sha256/", "" },
		{ "sha256:", "" },
	};
	const char *name = image->config;

	if (strncmp(name, "./", 2) == 0)
		name += 2;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		size_t before = strlen(forms[i].before);
		char hex[DIGEST_HEX_LENGTH + 1] = "";

		if (strlen(name) != before + DIGEST_HEX_LENGTH +
					    strlen(forms[i].after) ||
		    strncmp(name, forms[i].before, before) != 0 ||
		    strcmp(name + before + DIGEST_HEX_LENGTH, forms[i].after) !=
			    0)
			continue;
		memcpy(hex, name + before, DIGEST_HEX_LENGTH);
		if (!digest_is_hex(hex))
			continue;
		memcpy(id->hex, hex, sizeof(id->hex));
		return true;
	}
	return false;
}

static bool has_id(const struct docker_image *image,
		   const struct choice *choice)
{
	struct digest id;

	return docker_image_id(image, &id) && choice_is_id(choice, &id);
}

static bool has_name(const struct docker_image *image,
		     const struct choice *choice)
{
	for (size_t i = 0; i < image->tags.count; i++)
		if (image_name_equal(image->tags.item[i], choice->text))
			return true;
	return false;
}

static int say_missing(const struct docker_manifest *manifest,
		       const struct choice *choice, struct error *err)
{
	const char *names[CHOICE_LISTED_MAX + 1];
	size_t count = 0;

	for (size_t i = 0; i < manifest->count; i++) {
		const struct string_list *tags = &manifest->images[i].tags;

		for (size_t j = 0; j < tags->count; j++)
			if (count < COUNT_OF(names))
				names[count++] = tags->item[j];
	}
	return choice_say_missing(choice, names, count, err);
}

/* Two entries with the same config are one image. */
static int find(const struct docker_manifest *manifest,
		const struct choice *choice,
		bool (*has)(const struct docker_image *image,
			    const struct choice *choice),
		const struct docker_image **found, struct error *err)
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct docker_image *each = &manifest->images[i];

		if (!has(each, choice))
			continue;
		if (*found && strcmp((*found)->config, each->config) != 0)
			return choice_say_ambiguous(choice, err);
		if (!*found)
			*found = each;
	}
	return 0;
}

int docker_manifest_choose(const struct docker_manifest *manifest,
			   const struct choice *choice,
			   const struct docker_image **image, struct error *err)
{
	const struct docker_image *found = NULL;

	if (choice->kind != CHOICE_NAME) {
		if (choice->place >= manifest->count)
			return choice_say_too_far(choice, manifest->count, err);
		*image = &manifest->images[choice->place];
		return 0;
	}
	if (find(manifest, choice, has_name, &found, err) < 0)
		return -1;
	if (!found && find(manifest, choice, has_id, &found, err) < 0)
		return -1;
	if (!found)
		return say_missing(manifest, choice, err);
	*image = found;
	return 0;
}

void docker_manifest_release(struct docker_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		free(manifest->images[i].config);
		string_list_release(&manifest->images[i].tags);
		string_list_release(&manifest->images[i].layers);
	}
	free(manifest->images);
	*manifest = (struct docker_manifest){ 0 };
}
