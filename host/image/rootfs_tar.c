/* SPDX-License-Identifier: MIT */
/* rootfs_tar.c - see rootfs_tar.h */
#include "host/image/rootfs_tar.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/image/scan.h"

static int open_source(struct image *image, struct error *err)
{
	image->sources = calloc(1, sizeof(*image->sources));
	if (!image->sources)
		return error_errno(err, "open");
	if (source_open(&image->sources[0], image->path, err) < 0)
		return -1;
	image->source_count = 1;
	if (image->sources[0].size == 0)
		return error_set(err, EINVAL, "is empty");
	return 0;
}

static int check_tar(const struct image_layer *layer, struct error *err)
{
	autoclose int fd = -1;

	if (image_layer_open(layer, &fd, err) < 0)
		return -1;
	return scan_first(fd, layer->size, err);
}

static int make_layer(struct image *image, const struct image_work *work,
		      struct error *err)
{
	const struct source *source = &image->sources[0];
	struct image_layer *layer;

	image->layers = calloc(1, sizeof(*image->layers));
	if (!image->layers)
		return error_errno(err, "list the layers");
	image->layer_count = 1;
	layer = &image->layers[0];
	layer->number = 1;
	layer->name = strdup(basename(image->path));
	if (!layer->name)
		return error_errno(err, "list the layers");
	if (image_layer_place(layer, source, 0, source->size, err) < 0 ||
	    image_layer_prepare(layer, work, err) < 0)
		return -1;
	return check_tar(layer, err);
}

static int make_config(struct image *image, struct error *err)
{
	char *text;
	int size = asprintf(&text,
			    "{\"architecture\":\"%s\",\"os\":\"linux\","
			    "\"config\":{},\"rootfs\":{\"type\":\"layers\","
			    "\"diff_ids\":[\"sha256:%s\"]},\"history\":"
			    "[{\"created_by\":\"overlayvm rootfs-tar\"}]}",
			    image_config_architecture(),
			    image->layers[0].diff_id.hex);

	if (size < 0)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	return image_config_parse(&image->config, text, (size_t)size, err);
}

int rootfs_tar_load(struct image *image, const char *wanted,
		    const struct image_work *work, struct error *err)
{
	if (wanted)
		return error_set(
			err, EINVAL,
			"is a root file system without a name; '%.300s' "
			"cannot be chosen from it",
			wanted);
	if (open_source(image, err) < 0 || make_layer(image, work, err) < 0 ||
	    make_config(image, err) < 0)
		return -1;
	image->form = REFERENCE_ROOTFS_TAR;
	return 0;
}
