/* SPDX-License-Identifier: MIT */
/* oci_index.c - see oci_index.h */
#include "host/image/oci_index.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/image/config.h"
#include "host/image/document.h"
#include "host/image/media_type.h"
#include "host/image/name.h"
#include "host/image/oci_document.h"

#define LISTED_MAX 16 /* platforms in a message */

static const char *const name_keys[] = { ANNOTATION_CONTAINERD_NAME,
					 ANNOTATION_REF_NAME };

int oci_index_parse(struct descriptors *entries, const char *bytes, size_t size,
		    const char *media_type, struct error *err)
{
	autodocument struct json_object *document = NULL;

	if (oci_document_parse(&document, bytes, size, MEDIA_INDEX, media_type,
			       err) < 0)
		return -1;
	return descriptors_read(entries, document, "manifests", err);
}

/* BuildKit marks them twice, others one way or the other. */
static bool is_attestation(const struct descriptor *entry)
{
	return annotations_find(&entry->annotations,
				ANNOTATION_REFERENCE_TYPE) ||
	       (strcmp(entry->platform.os, "unknown") == 0 &&
		strcmp(entry->platform.architecture, "unknown") == 0);
}

int oci_index_rank(const struct descriptor *entry)
{
	enum media_kind kind = media_kind(entry->media_type);

	if ((kind != MEDIA_INDEX && kind != MEDIA_MANIFEST) ||
	    is_attestation(entry))
		return -1;
	return platform_rank(&entry->platform);
}

const struct descriptor *oci_index_best(const struct descriptors *entries)
{
	const struct descriptor *best = NULL;
	int best_rank = 0;

	for (size_t i = 0; i < entries->count; i++) {
		int rank = oci_index_rank(&entries->item[i]);

		if (rank >= 0 && (!best || rank < best_rank)) {
			best = &entries->item[i];
			best_rank = rank;
		}
	}
	return best;
}

int oci_index_say_no_platform(const struct descriptors *entries,
			      struct error *err)
{
	char list[LISTED_MAX * 40] = "";
	size_t used = 0;

	for (size_t i = 0, listed = 0; i < entries->count; i++) {
		const struct platform *platform = &entries->item[i].platform;
		char name[36];

		if (!*platform->os || is_attestation(&entries->item[i]) ||
		    listed++ >= LISTED_MAX)
			continue;
		platform_name(platform, name, sizeof(name));
		used += (size_t)snprintf(list + used, sizeof(list) - used,
					 "%s%s", used ? ", " : "; there is ",
					 name);
	}
	return error_set(err, ENOENT, "has no image for linux/%s%s",
			 image_config_architecture(), list);
}

const char *oci_index_name(const struct descriptor *entry, size_t number)
{
	for (size_t i = 0; i < COUNT_OF(name_keys); i++) {
		const char *name =
			annotations_find(&entry->annotations, name_keys[i]);

		if (name && *name && number-- == 0)
			return name;
	}
	return NULL;
}

const char *oci_index_named(const struct descriptor *entry, const char *name)
{
	const char *each;

	for (size_t i = 0; (each = oci_index_name(entry, i)); i++)
		if (image_name_equal(each, name))
			return each;
	return NULL;
}
