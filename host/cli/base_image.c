/* SPDX-License-Identifier: MIT */
/* base_image.c - see base_image.h */
#include "host/cli/base_image.h"

#include "guest/shared/cleanup.h"

static int add_layer(struct base *base, struct image *image, size_t i,
		     const struct image_work *work, struct error *err)
{
	struct layer_source source;
	autoclose int fd = -1;

	if (image_prepare_layer(image, i, work, err) < 0 ||
	    image_layer_open(&image->layers[i], &fd, err) < 0)
		return -1;
	source = (struct layer_source){ fd, image->layers[i].offset,
					image->layers[i].size };
	if (base_add(base, &source, err) < 0)
		return error_prefix(err, "image '%s': layer %zu", image->path,
				    image->layers[i].number);
	return 0;
}

int base_image_read(struct base *base, struct image *image,
		    const struct image_work *work, struct error *err)
{
	for (size_t i = 0; i < image->layer_count; i++)
		if (add_layer(base, image, i, work, err) < 0)
			return -1;
	return 0;
}
