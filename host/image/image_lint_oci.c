/* SPDX-License-Identifier: MIT */
/* image_lint_oci.c - oci-layout and index.json, see image_lint_state.h */
#include "host/image/image_lint_oci.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LAYOUT_NAME "oci-layout"
#define INDEX_NAME  "index.json"
#define DEPTH_MAX   8 /* indexes within each other */

#define REF_NAME   "org.opencontainers.image.ref.name"
#define IMAGE_NAME "io.containerd.image.name"

/* Alphanumerics, with one of -._:@+ or "--" between, and parts between
 * slashes (annotations.md). */
static bool is_ref_name(const char *name)
{
	bool after_word = false;

	for (; *name; name++) {
		if (isalnum((unsigned char)*name)) {
			after_word = true;
			continue;
		}
		if (!after_word || !strchr("-._:@+/", *name))
			return false;
		if (name[0] == '-' && name[1] == '-')
			name++;
		after_word = false;
	}
	return after_word;
}

static int check_index(struct image_lint *lint, const char *bytes, size_t size,
		       int depth, bool wanted, struct error *err);

static int check_nested(struct image_lint *lint,
			const struct image_lint_descriptor *descriptor,
			int depth, struct error *err)
{
	autofree char *bytes = NULL;
	size_t size;

	if (depth == DEPTH_MAX) {
		findings_add(lint->findings, RULE_LIMIT,
			     "indexes lie more than %d deep in each other",
			     DEPTH_MAX);
		return 0;
	}
	findings_at(lint->findings, "index %.*s", IMAGE_LINT_DIGITS,
		    descriptor->digest.hex);
	if (image_lint_blob(lint, descriptor, "it", &bytes, &size, err) < 0)
		return -1;
	return bytes ? check_index(lint, bytes, size, depth + 1, true, err) : 0;
}

static const char *check_name(struct image_lint *lint,
			      struct json_object *annotations, const char *key)
{
	const char *name =
		image_lint_string(lint, annotations, key, RULE_ANNOTATION);

	if (name && !is_ref_name(name))
		findings_add(lint->findings, RULE_ANNOTATION,
			     "%s '%.200s' is not well formed", key, name);
	return name;
}

/* By how containers/image and umoci find an image, and containerd does. */
static bool check_names(struct image_lint *lint, struct json_object *entry)
{
	struct json_object *annotations =
		image_lint_field(lint, entry, "annotations", json_type_object,
				 RULE_ANNOTATION);
	const char *ref = check_name(lint, annotations, REF_NAME);
	const char *name = check_name(lint, annotations, IMAGE_NAME);

	if (!ref)
		findings_add(lint->findings, RULE_ANNOTATION,
			     "an image has no " REF_NAME
			     ", by which tools find it");
	return (ref && image_lint_is_wanted(lint, ref)) ||
	       (name && image_lint_is_wanted(lint, name));
}

/* The list is short, or IMAGE_LINT_DOCUMENTS_MAX ends it. */
static void check_repeated(struct image_lint *lint, struct json_object *entries)
{
	size_t count = json_object_array_length(entries);
	const char *names[IMAGE_LINT_DOCUMENTS_MAX];
	size_t named = 0;

	for (size_t i = 0; i < count && named < IMAGE_LINT_DOCUMENTS_MAX; i++) {
		struct json_object *name = json_object_object_get(
			json_object_object_get(
				json_object_array_get_idx(entries, i),
				"annotations"),
			REF_NAME);

		if (!json_object_is_type(name, json_type_string))
			continue;
		names[named] = json_object_get_string(name);
		for (size_t j = 0; j < named; j++)
			if (strcmp(names[j], names[named]) == 0)
				findings_add(lint->findings, RULE_ANNOTATION,
					     "two images have the name "
					     "'%.200s'",
					     names[named]);
		named++;
	}
}

static int check_entry(struct image_lint *lint, struct json_object *entry,
		       int depth, bool wanted, struct error *err)
{
	struct image_lint_descriptor descriptor = { 0 };

	if (!json_object_is_type(entry, json_type_object)) {
		findings_add(lint->findings, RULE_JSON,
			     "a descriptor is not an object");
		return 0;
	}
	if (depth == 0)
		wanted = check_names(lint, entry);
	if (!image_lint_descriptor(lint, entry, "a descriptor", &descriptor) ||
	    !wanted)
		return 0;
	if (image_lint_kind(descriptor.media_type) == IMAGE_LINT_INDEX)
		return check_nested(lint, &descriptor, depth, err);
	if (image_lint_kind(descriptor.media_type) == IMAGE_LINT_MANIFEST)
		return image_lint_manifest(lint, &descriptor, err);
	findings_add(lint->findings, RULE_MEDIA_TYPE,
		     "'%.200s' is neither an index nor a manifest",
		     descriptor.media_type);
	return 0;
}

static int check_index(struct image_lint *lint, const char *bytes, size_t size,
		       int depth, bool wanted, struct error *err)
{
	autodocument struct json_object *index =
		image_lint_parse(lint, bytes, size, json_type_object);
	struct json_object *entries = NULL;
	char place[FINDINGS_PLACE_SIZE];

	(void)snprintf(place, sizeof(place), "%s", lint->findings->place);
	if (!index)
		return 0;
	image_lint_head(lint, index, IMAGE_LINT_INDEX);
	entries = image_lint_field(lint, index, "manifests", json_type_array,
				   RULE_JSON);
	if (!entries) {
		findings_add(lint->findings, RULE_MANIFEST,
			     "it has no 'manifests'");
		return 0;
	}
	if (depth == 0)
		check_repeated(lint, entries);
	for (size_t i = 0; i < json_object_array_length(entries) &&
			   lint->documents <= IMAGE_LINT_DOCUMENTS_MAX;
	     i++) {
		if (check_entry(lint, json_object_array_get_idx(entries, i),
				depth, wanted, err) < 0)
			return -1;
		findings_at(lint->findings, "%s", place);
	}
	return 0;
}

static void check_layout(struct image_lint *lint)
{
	autodocument struct json_object *layout = NULL;
	autofree char *bytes = NULL;
	const char *version = NULL;
	struct error why;
	size_t size;

	findings_at(lint->findings, LAYOUT_NAME);
	if (store_read(lint->store, LAYOUT_NAME, IMAGE_LINT_DOCUMENT_MAX,
		       &bytes, &size, &why) < 0) {
		findings_add(lint->findings, RULE_LAYOUT, "%s", why.msg);
		return;
	}
	layout = image_lint_parse(lint, bytes, size, json_type_object);
	if (!layout)
		return;
	version = image_lint_string(lint, layout, "imageLayoutVersion",
				    RULE_LAYOUT);
	if (!version || strcmp(version, "1.0.0") != 0)
		findings_add(lint->findings, RULE_LAYOUT,
			     "its imageLayoutVersion is '%.100s'",
			     version ? version : "");
}

int image_lint_oci(struct image_lint *lint, struct error *err)
{
	autofree char *bytes = NULL;
	struct error why;
	size_t size;

	check_layout(lint);
	findings_at(lint->findings, INDEX_NAME);
	lint->in_index = true;
	if (store_read(lint->store, INDEX_NAME, IMAGE_LINT_DOCUMENT_MAX, &bytes,
		       &size, &why) < 0) {
		image_lint_unread(lint, "", &why);
		return 0;
	}
	return check_index(lint, bytes, size, 0, !lint->wanted, err);
}
