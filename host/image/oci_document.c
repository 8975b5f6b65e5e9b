/* SPDX-License-Identifier: MIT */
/* oci_document.c - see oci_document.h */
#include "host/image/oci_document.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/image/document.h"

#define SCHEMA_VERSION 2

/* Fields that are only in the other of the two, or in manifests of schema 1. */
static const char *const not_in_index[] = { "config", "layers", "fsLayers",
					    "history" };
static const char *const not_in_manifest[] = { "manifests", "fsLayers",
					       "history" };

static int check_fields(struct json_object *document, const char *what,
			const char *const *fields, size_t count,
			struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (json_object_object_get_ex(document, fields[i], NULL))
			return error_set(err, EINVAL,
					 "is said to be %s, but has '%s'", what,
					 fields[i]);
	return 0;
}

static int check_version(struct json_object *document, struct error *err)
{
	struct json_object *version =
		json_object_object_get(document, "schemaVersion");

	if (!version || (json_object_is_type(version, json_type_int) &&
			 json_object_get_int64(version) == SCHEMA_VERSION))
		return 0;
	return error_set(err, EINVAL, "'schemaVersion' is not %d",
			 SCHEMA_VERSION);
}

static int check_type(struct json_object *document, enum media_kind kind,
		      const char *media_type, struct error *err)
{
	const char *said;

	if (document_string(document, "mediaType", &said, err) < 0)
		return -1;
	if (!said || !*said)
		return 0;
	if (media_type ? strcmp(said, media_type) == 0
		       : media_kind(said) == kind)
		return 0;
	return error_set(err, EINVAL, "says that it is '%.100s', not '%.100s'",
			 said, media_type ? media_type : MEDIA_OCI_INDEX);
}

int oci_document_parse(struct json_object **document, const char *bytes,
		       size_t size, enum media_kind kind,
		       const char *media_type, struct error *err)
{
	bool is_index = kind == MEDIA_INDEX;
	autodocument struct json_object *new = NULL;

	if (document_parse(&new, bytes, size, err) < 0)
		return -1;
	if (!json_object_is_type(new, json_type_object))
		return error_set(err, EINVAL, "is not a JSON object");
	if (check_version(new, err) < 0 ||
	    check_type(new, kind, media_type, err) < 0)
		return -1;
	if (is_index ? check_fields(new, "an index", not_in_index,
				    COUNT_OF(not_in_index), err)
		     : check_fields(new, "a manifest", not_in_manifest,
				    COUNT_OF(not_in_manifest), err))
		return -1;

	*document = new;
	new = NULL;
	return 0;
}
