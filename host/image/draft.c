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
#include "host/image/expand.h"
#include "host/image/name.h"

static int say_memory(struct error *err)
{
	return error_set(err, ENOMEM, "out of memory");
}

/* Of those with one diffID the image keeps one. */
static struct image_layer *find_layer(struct image *image,
				      const struct digest *diff_id)
{
	for (size_t i = 0; i < image->layer_count; i++)
		if (digest_equal(&image->layers[i].diff_id, diff_id))
			return &image->layers[i];
	return NULL;
}

/* Hash the stored bytes; with their compression taken off, or as they are. */
static int hash_layer(const struct image_layer *layer,
		      enum compression compression,
		      const struct image_work *work, struct digest *digest,
		      struct error *err)
{
	const struct expand expand = {
		.in = layer->source->fd,
		.offset = layer->stored_offset,
		.size = layer->stored_size,
		.compression = compression,
	};

	return expand_run(&expand, work, digest, NULL, err);
}

static int check_diff_id(const struct image_layer *layer,
			 const struct image_work *work, struct error *err)
{
	struct digest digest;

	if (layer->path)
		return 0; /* it was prepared, and so verified */
	if (hash_layer(layer, layer->compression, work, &digest, err) < 0)
		return -1;
	if (!digest_equal(&digest, &layer->diff_id))
		return error_set(err, EBADMSG,
				 "content is sha256:%s, the config says "
				 "sha256:%s",
				 digest.hex, layer->diff_id.hex);
	return 0;
}

/* As it is stored. What is not compressed has its diffID for a digest. */
static int take_stored(struct image_blob *blob, const struct image_layer *layer,
		       const struct image_work *work, struct error *err)
{
	*blob = (struct image_blob){
		.media_type = media_type_of_layer(layer->compression),
		.digest = layer->diff_id,
		.size = layer->stored_size,
		.fd = layer->source->fd,
		.offset = layer->stored_offset,
	};
	if (layer->compression == COMPRESSION_NONE)
		return 0;
	if (check_diff_id(layer, work, err) < 0)
		return -1;
	return hash_layer(layer, COMPRESSION_NONE, work, &blob->digest, err);
}

static int take_plain(struct draft *draft, struct image_blob *blob,
		      struct image_layer *layer, const struct image_work *work,
		      struct error *err)
{
	int fd;

	if (image_layer_prepare(layer, work, err) < 0 ||
	    image_layer_open(layer, &fd, err) < 0)
		return -1;
	draft->opened[draft->opened_count++] = fd;
	*blob = (struct image_blob){
		.media_type = media_type_of_layer(COMPRESSION_NONE),
		.digest = layer->diff_id,
		.size = layer->size,
		.fd = fd,
		.offset = layer->offset,
	};
	return 0;
}

static int take_layer(struct draft *draft, struct image_blob *blob,
		      struct image_layer *layer, const struct image_work *work,
		      struct error *err)
{
	if (!media_type_of_layer(layer->compression))
		return take_plain(draft, blob, layer, work, err);
	if (take_stored(blob, layer, work, err) < 0)
		return error_prefix(err, "layer %zu '%s'", layer->number,
				    layer->name);
	return 0;
}

/* A layer that comes again is the same blob again. */
static int take_base(struct draft *draft, struct image *base,
		     const struct image_work *work, struct error *err)
{
	const struct image_config *config = &base->config;

	for (size_t i = 0; i < config->diff_id_count; i++) {
		const struct digest *diff_id = &config->diff_ids[i];
		struct image_blob *blob = &draft->layers[draft->layer_count];
		size_t same = 0;

		while (!digest_equal(&config->diff_ids[same], diff_id))
			same++;
		if (same < i)
			*blob = draft->layers[same];
		else if (take_layer(draft, blob, find_layer(base, diff_id),
				    work, err) < 0)
			return error_prefix(err, "image '%s'", base->path);
		draft->layer_count++;
	}
	draft->base_count = draft->layer_count;
	return 0;
}

static int take_layers(struct draft *draft, struct image *base,
		       const struct config_edit *edit,
		       const struct image_work *work, struct error *err)
{
	size_t old = base ? base->config.diff_id_count : 0;

	draft->layers =
		calloc(old + edit->addition_count + 1, sizeof(*draft->layers));
	draft->opened = calloc(old + 1, sizeof(*draft->opened));
	if (!draft->layers || !draft->opened)
		return say_memory(err);
	if (base && !edit->flattened && take_base(draft, base, work, err) < 0)
		return -1;
	for (size_t i = 0; i < edit->addition_count; i++) {
		const struct image_addition *new = &edit->additions[i];

		draft->layers[draft->layer_count++] = (struct image_blob){
			.media_type = media_type_of_layer(new->compression),
			.digest = new->digest,
			.size = new->size,
			.fd = new->fd,
			.offset = new->offset,
		};
	}
	return 0;
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

	blob->media_type = MEDIA_TYPE_CONFIG;
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

/* The manifest that the base would have, if it were written by itself. */
static int digest_base(const struct draft *draft, const struct image *base,
		       char text[sizeof("sha256:") + DIGEST_HEX_LENGTH],
		       struct error *err)
{
	struct draft alone = *draft;
	autodocument struct json_object *manifest = NULL;
	autofree char *bytes = NULL;
	struct digest digest;
	size_t size;

	alone.config.size = base->config.size;
	alone.config.digest = base->config.digest;
	manifest = draft_manifest_json(&alone, draft->base_count, NULL, NULL);
	if (document_write(manifest, &bytes, &size, err) < 0 ||
	    digest_of(&digest, bytes, size, err) < 0)
		return -1;
	(void)snprintf(text, sizeof("sha256:") + DIGEST_HEX_LENGTH, "sha256:%s",
		       digest.hex);
	return 0;
}

/* The names in a layout need not be names of images: "latest" is none. */
static char *name_of(const struct image *base)
{
	if (!base->name || !strpbrk(base->name, ":/"))
		return NULL;
	return image_name_normalise(base->name);
}

static int make_manifest(struct draft *draft, const struct image *base,
			 const struct config_edit *edit, struct error *err)
{
	struct image_blob *blob = &draft->manifest;
	bool is_based = base && !edit->flattened && !changes_nothing(edit);
	char base_digest[sizeof("sha256:") + DIGEST_HEX_LENGTH];
	autofree char *base_name = is_based ? name_of(base) : NULL;
	autodocument struct json_object *manifest = NULL;
	size_t size;

	if (is_based && digest_base(draft, base, base_digest, err) < 0)
		return -1;
	manifest = draft_manifest_json(draft, draft->layer_count, base_name,
				       is_based ? base_digest : NULL);
	if (document_write(manifest, &draft->manifest_bytes, &size, err) < 0)
		return -1;
	*blob = (struct image_blob){
		.media_type = MEDIA_TYPE_MANIFEST,
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
	    take_layers(&new, base, edit, work, err) < 0 ||
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
