/* SPDX-License-Identifier: MIT */
/* docker_manifest.c - see docker_manifest.h */
#include "host/image/docker_manifest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/image/document.h"
#include "host/image/name.h"

/* How many tags the message about a wrong one lists. */
#define LISTED_MAX 8

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

static bool has_id(const struct docker_image *image, const char *wanted)
{
	struct digest id;

	if (!docker_image_id(image, &id))
		return false;
	if (strncmp(wanted, "sha256:", 7) == 0)
		wanted += 7;
	return strcmp(wanted, id.hex) == 0;
}

static bool has_name(const struct docker_image *image, const char *wanted)
{
	for (size_t i = 0; i < image->tags.count; i++)
		if (image_name_equal(image->tags.item[i], wanted))
			return true;
	return has_id(image, wanted);
}

/* Append "sep" and "text" to a message that may be full. */
static void append(struct error *err, const char *sep, const char *text)
{
	size_t used = strlen(err->msg);
	struct error part;

	error_set(&part, 0, "%s%s", sep, text);
	(void)snprintf(err->msg + used, sizeof(err->msg) - used, "%s",
		       part.msg);
}

static int say_missing(const struct docker_manifest *manifest,
		       const char *wanted, struct error *err)
{
	size_t listed = 0;

	error_set(err, ENOENT, "holds no image '%.300s'", wanted);
	for (size_t i = 0; i < manifest->count; i++) {
		const struct string_list *tags = &manifest->images[i].tags;

		for (size_t j = 0; j < tags->count; j++) {
			if (listed == LISTED_MAX) {
				append(err, ", ", "...");
				return -1;
			}
			append(err, listed ? ", " : "; there is ",
			       tags->item[j]);
			listed++;
		}
	}
	if (listed == 0)
		append(err, "; ", "its images have no names");
	return -1;
}

int docker_manifest_choose(const struct docker_manifest *manifest,
			   const char *wanted,
			   const struct docker_image **image, struct error *err)
{
	const struct docker_image *found = NULL;

	if (!wanted) {
		*image = &manifest->images[0];
		return 0;
	}
	for (size_t i = 0; i < manifest->count; i++) {
		const struct docker_image *each = &manifest->images[i];

		if (!has_name(each, wanted))
			continue;
		if (found && strcmp(found->config, each->config) != 0)
			return error_set(err, EINVAL,
					 "holds two images '%.300s'", wanted);
		if (!found)
			found = each;
	}
	if (!found)
		return say_missing(manifest, wanted, err);
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
