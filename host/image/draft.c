/* SPDX-License-Identifier: MIT */
/* draft.c - see draft.h */
#include "host/image/draft.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/image/document.h"
#include "host/image/draft_json.h"
#include "host/image/draft_layers.h"
#include "host/image/media_type.h"
#include "host/image/name.h"
#include "host/image/oci_manifest.h"

#define DIGEST_SIZE (sizeof("sha256:") + DIGEST_HEX_LENGTH) /* as text */

static void write_digest(const struct digest *digest, char text[DIGEST_SIZE])
{
	(void)snprintf(text, DIGEST_SIZE, "sha256:%s", digest->hex);
}

static bool changes_nothing(const struct config_edit *edit)
{
	return edit->addition_count == 0 && edit->change_count == 0 &&
	       !edit->flattened;
}

static int make_config(struct draft *draft, const struct image *base,
		       const struct config_edit *edit, struct error *err)
{
	struct image_blob *blob = &draft->config;
	size_t size;

	blob->media_type = MEDIA_OCI_CONFIG;
	if (base && changes_nothing(edit)) {
		blob->bytes = base->config.bytes;
		blob->size = base->config.size;
		blob->digest = base->config.digest;
		return 0;
	}
	if (config_edit(base ? &base->config : NULL, edit, &draft->config_bytes,
			&size, err) < 0)
		return base ? error_prefix(err, "image '%s'", base->path) : -1;
	blob->bytes = draft->config_bytes;
	blob->size = size;
	return digest_of(&blob->digest, blob->bytes, size, err);
}

/* The manifest of the base, or the one that it would have by itself. */
static int digest_base(const struct draft *draft, const struct image *base,
		       char text[DIGEST_SIZE], struct error *err)
{
	struct draft alone = *draft;
	autodocument struct json_object *manifest = NULL;
	autofree char *bytes = NULL;
	struct digest digest;
	size_t size;

	if (base->manifest.hex[0]) {
		write_digest(&base->manifest, text);
		return 0;
	}
	alone.config.size = base->config.size;
	alone.config.digest = base->config.digest;
	manifest = draft_manifest_json(&alone, draft->base_count, NULL, NULL);
	if (document_write(manifest, &bytes, &size, err) < 0 ||
	    digest_of(&digest, bytes, size, err) < 0)
		return -1;
	write_digest(&digest, text);
	return 0;
}

/* The names in a layout need not be names of images: "latest" is none. */
static int name_base(const struct image *base, char **name, struct error *err)
{
	if (!base->name || !strpbrk(base->name, ":/"))
		return 0;
	*name = image_name_normalise(base->name);
	if (!*name && errno == ENOMEM)
		return error_set(err, ENOMEM, "out of memory");
	return 0;
}

/* Whether the manifest that the base came with says what this one would. */
static bool fits_as_it_is(const struct draft *draft, const struct image *base)
{
	AUTO(oci_manifest) manifest = { 0 };
	struct error ignored;

	if (!base->manifest_bytes ||
	    oci_manifest_parse(&manifest, base->manifest_bytes,
			       base->manifest_size, MEDIA_OCI_MANIFEST,
			       &ignored) < 0 ||
	    manifest.layers.count != draft->layer_count)
		return false;
	for (size_t i = 0; i < draft->layer_count; i++)
		if (!digest_equal(&manifest.layers.item[i].digest,
				  &draft->layers[i].digest))
			return false;
	return true;
}

static void keep_manifest(struct draft *draft, const struct image *base)
{
	draft->manifest = (struct image_blob){
		.media_type = MEDIA_OCI_MANIFEST,
		.digest = base->manifest,
		.bytes = base->manifest_bytes,
		.size = base->manifest_size,
	};
}

static int make_manifest(struct draft *draft, const struct image *base,
			 const struct config_edit *edit, struct error *err)
{
	struct image_blob *blob = &draft->manifest;
	bool is_based = base && !edit->flattened && !changes_nothing(edit);
	char base_digest[DIGEST_SIZE];
	autofree char *base_name = NULL;
	autodocument struct json_object *manifest = NULL;
	size_t size;

	if (base && changes_nothing(edit) && fits_as_it_is(draft, base)) {
		keep_manifest(draft, base);
		return 0;
	}
	if (is_based && (digest_base(draft, base, base_digest, err) < 0 ||
			 name_base(base, &base_name, err) < 0))
		return -1;
	manifest = draft_manifest_json(draft, draft->layer_count, base_name,
				       is_based ? base_digest : NULL);
	if (document_write(manifest, &draft->manifest_bytes, &size, err) < 0)
		return -1;
	*blob = (struct image_blob){
		.media_type = MEDIA_OCI_MANIFEST,
		.bytes = draft->manifest_bytes,
		.size = size,
	};
	return digest_of(&blob->digest, blob->bytes, size, err);
}

int draft_make(struct draft *draft, struct image *base,
	       const struct config_edit *edit, const struct image_work *work,
	       struct error *err)
{
	AUTO(draft) new = { 0 };

	/* What is refused is refused before anything is read. */
	if (make_config(&new, base, edit, err) < 0 ||
	    draft_take_layers(&new, base, edit, work, err) < 0 ||
	    make_manifest(&new, base, edit, err) < 0)
		return -1;
	*draft = new;
	new = (struct draft){ 0 };
	return 0;
}

void draft_release(struct draft *draft)
{
	free(draft->layers);
	free(draft->manifest_bytes);
	free(draft->config_bytes);
	for (size_t i = 0; i < draft->opened_count; i++)
		(void)close(draft->opened[i]);
	free(draft->opened);
	*draft = (struct draft){ 0 };
}
