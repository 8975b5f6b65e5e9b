/* SPDX-License-Identifier: MIT */
/* draft_layers.c - see draft_layers.h */
#include "host/image/draft_layers.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "host/image/expand.h"

/* Of those with one diffID the image keeps one. */
static struct image_layer *find_layer(struct image *image,
				      const struct digest *diff_id)
{
	for (size_t i = 0; i < image->layer_count; i++)
		if (digest_equal(&image->layers[i].diff_id, diff_id))
			return &image->layers[i];
	return NULL;
}

static bool is_known(const struct digest *digest)
{
	return digest->hex[0] != '\0';
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
	blob->digest = layer->stored;
	if (is_known(&layer->stored))
		return 0;
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

int draft_take_layers(struct draft *draft, struct image *base,
		      const struct config_edit *edit,
		      const struct image_work *work, struct error *err)
{
	size_t old = base ? base->config.diff_id_count : 0;

	draft->layers =
		calloc(old + edit->addition_count + 1, sizeof(*draft->layers));
	draft->opened = calloc(old + 1, sizeof(*draft->opened));
	if (!draft->layers || !draft->opened)
		return error_set(err, ENOMEM, "out of memory");
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
