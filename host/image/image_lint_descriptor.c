/* SPDX-License-Identifier: MIT */
/* image_lint_descriptor.c - see image_lint_oci.h */
#include "host/image/image_lint_oci.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OCI    "application/vnd.oci."
#define DOCKER "application/vnd.docker."

static const struct {
	const char *type;
	enum image_lint_kind kind;
} types[] = {
	{ OCI "image.index.v1+json", IMAGE_LINT_INDEX },
	{ DOCKER "distribution.manifest.list.v2+json", IMAGE_LINT_INDEX },
	{ OCI "image.manifest.v1+json", IMAGE_LINT_MANIFEST },
	{ DOCKER "distribution.manifest.v2+json", IMAGE_LINT_MANIFEST },
	{ OCI "image.config.v1+json", IMAGE_LINT_CONFIG },
	{ DOCKER "container.image.v1+json", IMAGE_LINT_CONFIG },
};

enum image_lint_kind image_lint_kind(const char *type)
{
	for (size_t i = 0; type && i < COUNT_OF(types); i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].kind;
	return IMAGE_LINT_OTHER;
}

bool image_lint_descriptor(struct image_lint *lint, struct json_object *object,
			   const char *what,
			   struct image_lint_descriptor *descriptor)
{
	struct json_object *size =
		image_lint_field(lint, object, "size", json_type_int,
				 RULE_DESCRIPTOR);
	const char *digest =
		image_lint_string(lint, object, "digest", RULE_DESCRIPTOR);
	struct error why = { 0 };

	descriptor->media_type =
		image_lint_string(lint, object, "mediaType", RULE_DESCRIPTOR);
	if (!descriptor->media_type || !*descriptor->media_type)
		findings_add(lint->findings, RULE_DESCRIPTOR,
			     "%s has no mediaType", what);
	if (!size || json_object_get_int64(size) < 0)
		findings_add(lint->findings, RULE_DESCRIPTOR,
			     "%s has no valid size", what);
	descriptor->size = size ? json_object_get_uint64(size) : 0;
	if (digest_parse(&descriptor->digest, digest ? digest : "", &why) < 0) {
		findings_add(lint->findings, RULE_DESCRIPTOR, "%s: %s", what,
			     why.msg);
		return false;
	}
	(void)snprintf(descriptor->file, sizeof(descriptor->file), "%s%s",
		       IMAGE_LINT_BLOBS, descriptor->digest.hex);
	return size && descriptor->media_type;
}

void image_lint_unread(struct image_lint *lint, const char *what,
		       const struct error *why)
{
	findings_add(lint->findings,
		     why->code == EFBIG ? RULE_LIMIT : RULE_BLOB, "%s%s%s",
		     what, *what ? ": " : "", why->msg);
}

int image_lint_blob(struct image_lint *lint,
		    const struct image_lint_descriptor *descriptor,
		    const char *what, char **bytes, size_t *size,
		    struct error *err)
{
	struct digest digest;
	struct error why;

	*bytes = NULL;
	*size = 0;
	if (++lint->documents > IMAGE_LINT_DOCUMENTS_MAX) {
		findings_add(lint->findings, RULE_LIMIT,
			     "more than %d documents; the rest is not read",
			     IMAGE_LINT_DOCUMENTS_MAX);
		return 0;
	}
	if (store_read(lint->store, descriptor->file, IMAGE_LINT_DOCUMENT_MAX,
		       bytes, size, &why) < 0) {
		image_lint_unread(lint, what, &why);
		return 0;
	}
	if (*size != descriptor->size)
		findings_add(lint->findings, RULE_BLOB_SIZE,
			     "%s has %zu bytes, its descriptor says %" PRIu64,
			     what, *size, descriptor->size);
	if (digest_of(&digest, *bytes, *size, err) < 0)
		return -1;
	if (!digest_equal(&digest, &descriptor->digest))
		findings_add(lint->findings, RULE_BLOB_DIGEST,
			     "%s is sha256:%s, its descriptor says sha256:%s",
			     what, digest.hex, descriptor->digest.hex);
	return 0;
}

void image_lint_head(struct image_lint *lint, struct json_object *document,
		     enum image_lint_kind kind)
{
	struct json_object *version =
		image_lint_field(lint, document, "schemaVersion", json_type_int,
				 RULE_JSON);
	const char *type =
		image_lint_string(lint, document, "mediaType", RULE_MEDIA_TYPE);
	const char *other = kind == IMAGE_LINT_INDEX ? "layers" : "manifests";

	if (!version || json_object_get_int(version) != 2)
		findings_add(lint->findings, RULE_SCHEMA_VERSION,
			     "its schemaVersion is not 2");
	if (type && image_lint_kind(type) != kind)
		findings_add(lint->findings, RULE_MEDIA_TYPE,
			     "it says that it is '%.200s', and is used as %s",
			     type,
			     kind == IMAGE_LINT_INDEX ? "an index"
						      : "a manifest");
	if (json_object_object_get(document, other))
		findings_add(lint->findings, RULE_MEDIA_TYPE,
			     "it has '%s', and is used as %s", other,
			     kind == IMAGE_LINT_INDEX ? "an index"
						      : "a manifest");
}
