/* SPDX-License-Identifier: MIT */
/* layer.c - see layer.h */
#include "host/image/layer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/io.h"
#include "host/image/expand.h"

#define SECTOR 512 /* bytes; what an extent of a disk begins at */

static int say_where(const struct image_layer *layer, struct error *err)
{
	return error_prefix(err, "layer %zu '%s'", layer->number, layer->name);
}

int image_layer_place(struct image_layer *layer, const struct source *source,
		      uint64_t offset, uint64_t size, struct error *err)
{
	char head[COMPRESSION_HEAD];
	size_t want = size < sizeof(head) ? (size_t)size : sizeof(head);
	ssize_t n = io_pread(source->fd, head, want, offset);

	if (n < 0) {
		error_errno(err, "read");
		return say_where(layer, err);
	}
	layer->source = source;
	layer->stored_offset = offset;
	layer->stored_size = size;
	layer->compression = compression_of(head, (size_t)n);
	return 0;
}

static bool lies_ready(const struct image_layer *layer)
{
	return layer->compression == COMPRESSION_NONE &&
	       layer->stored_offset % SECTOR == 0;
}

static bool is_known(const struct digest *digest)
{
	return digest->hex[0] != '\0';
}

static int check_digest(struct image_layer *layer, const struct digest *digest,
			struct error *err)
{
	if (!is_known(&layer->diff_id))
		layer->diff_id = *digest;
	if (digest_equal(digest, &layer->diff_id))
		return 0;
	return error_set(err, EBADMSG,
			 "content is sha256:%s, the config says sha256:%s",
			 digest->hex, layer->diff_id.hex);
}

static int use_in_place(struct image_layer *layer,
			const struct image_work *work, struct error *err)
{
	const struct expand expand = {
		.in = layer->source->fd,
		.offset = layer->stored_offset,
		.size = layer->stored_size,
		.stored = is_known(&layer->stored) ? &layer->stored : NULL,
	};
	struct digest digest;
	char *path;

	if (expand_run(&expand, work, &digest, NULL, err) < 0 ||
	    check_digest(layer, &digest, err) < 0)
		return -1;
	path = strdup(layer->source->path);
	if (!path)
		return error_errno(err, "copy a path");

	layer->path = path;
	layer->offset = layer->stored_offset;
	layer->size = layer->stored_size;
	return 0;
}

static int use_expanded(struct image_layer *layer,
			const struct image_work *work, struct error *err)
{
	char name[32];
	const struct expand expand = {
		.in = layer->source->fd,
		.offset = layer->stored_offset,
		.size = layer->stored_size,
		.compression = layer->compression,
		.stored = is_known(&layer->stored) ? &layer->stored : NULL,
		.out = name,
	};
	autofree char *path = NULL;
	struct digest digest;
	uint64_t size;

	(void)snprintf(name, sizeof(name), "layer-%zu.tar", layer->number);
	if (asprintf(&path, "%s/%s", work->dir_path, name) < 0) {
		path = NULL;
		return error_errno(err, "name the expanded layer");
	}
	if (expand_run(&expand, work, &digest, &size, err) < 0)
		return -1;
	if (check_digest(layer, &digest, err) < 0) {
		(void)unlinkat(work->dir, name, 0);
		return -1;
	}

	layer->path = take_pointer(&path);
	layer->offset = 0;
	layer->size = size;
	return 0;
}

int image_layer_prepare(struct image_layer *layer,
			const struct image_work *work, struct error *err)
{
	int r;

	if (layer->path)
		return 0;
	r = lies_ready(layer) ? use_in_place(layer, work, err)
			      : use_expanded(layer, work, err);
	return r < 0 ? say_where(layer, err) : 0;
}

int image_layer_open(const struct image_layer *layer, int *fd,
		     struct error *err)
{
	/* Its own file is the one that was verified, whatever the path says. */
	if (lies_ready(layer))
		*fd = fcntl(layer->source->fd, F_DUPFD_CLOEXEC, 3);
	else
		*fd = open(layer->path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return error_errno(err, "open '%s'", layer->path);
	return 0;
}

void image_layer_release(struct image_layer *layer)
{
	free(layer->name);
	free(layer->media_type);
	free(layer->path);
	*layer = (struct image_layer){ 0 };
}
