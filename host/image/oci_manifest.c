/* SPDX-License-Identifier: MIT */
/* oci_manifest.c - see oci_manifest.h */
#include "host/image/oci_manifest.h"

#include <errno.h>

#include "host/image/document.h"
#include "host/image/media_type.h"
#include "host/image/oci_document.h"

static int check_config(const struct oci_manifest *manifest, struct error *err)
{
	const char *type = manifest->config.media_type;

	if (media_kind(type) == MEDIA_CONFIG)
		return 0;
	return error_set(err, ENOTSUP,
			 "is not that of an image: its config is '%.100s'",
			 type);
}

static int check_layer(const struct descriptor *layer, size_t number,
		       struct error *err)
{
	const char *why = "which is no layer that can be read";

	switch (media_kind(layer->media_type)) {
	case MEDIA_LAYER:
		return 0;
	case MEDIA_FOREIGN_LAYER:
		why = "which is not distributed with the image";
		break;
	case MEDIA_ENCRYPTED_LAYER:
		why = "which is encrypted";
		break;
	default:
		break;
	}
	return error_set(err, ENOTSUP, "layer %zu is '%.100s', %s", number,
			 layer->media_type, why);
}

static int read_fields(struct oci_manifest *manifest,
		       struct json_object *document, struct error *err)
{
	struct json_object *config;

	if (document_object(document, "config", &config, err) < 0)
		return -1;
	if (!config)
		return error_set(err, EINVAL, "has no 'config'");
	if (descriptor_read(&manifest->config, config, err) < 0)
		return error_prefix(err, "'config'");
	if (descriptors_read(&manifest->layers, document, "layers", err) < 0 ||
	    annotations_read(&manifest->annotations, document, err) < 0 ||
	    check_config(manifest, err) < 0)
		return -1;
	for (size_t i = 0; i < manifest->layers.count; i++)
		if (check_layer(&manifest->layers.item[i], i + 1, err) < 0)
			return -1;
	return 0;
}

int oci_manifest_parse(struct oci_manifest *manifest, const char *bytes,
		       size_t size, const char *media_type, struct error *err)
{
	AUTO(oci_manifest) new = { 0 };
	autodocument struct json_object *document = NULL;

	if (oci_document_parse(&document, bytes, size, MEDIA_MANIFEST,
			       media_type, err) < 0 ||
	    read_fields(&new, document, err) < 0)
		return -1;

	*manifest = new;
	new = (struct oci_manifest){ 0 };
	return 0;
}

void oci_manifest_release(struct oci_manifest *manifest)
{
	descriptor_release(&manifest->config);
	descriptors_release(&manifest->layers);
	annotations_release(&manifest->annotations);
	*manifest = (struct oci_manifest){ 0 };
}
