/* SPDX-License-Identifier: MIT */
/* rescue_base.c - see rescue.h: what was below the layer of a failed run */
#include <errno.h>

#include "guest/shared/cleanup.h"
#include "host/cli/base_image.h"
#include "host/cli/rescue.h"
#include "host/image/reference.h"

/* The image as the user says, or as the plan does. */
static int open_image(struct image *image, const char *from_image,
		      const struct remains *remains,
		      struct workplace *workplace, struct error *err)
{
	AUTO(reference) reference = { 0 };

	if (from_image)
		return workplace_open_image(workplace, from_image, image, err);
	if (reference_parse(&reference, remains->image, err) < 0 ||
	    reference_select(&reference, remains->image_name,
			     remains->image_tag, err) < 0)
		return error_prefix(err, "image '%s'", remains->image);
	return image_open(image, &reference, &workplace->work, err);
}

static int read_image(struct rescue_layer *layer, const char *from_image,
		      const struct remains *remains,
		      struct workplace *workplace, struct error *err)
{
	AUTO(image) image = { 0 };

	if (open_image(&image, from_image, remains, workplace, err) < 0)
		return -1;
	if (remains_compare(remains, &image, err) < 0)
		return error_prefix(err, "image '%s'", image.path);
	if (base_image_read(layer->base, &image, &workplace->work, err) < 0)
		return -1;
	layer->image_layers = image.layer_count;
	return 0;
}

int rescue_find_base(struct rescue_layer *layer, struct base *base,
		     const char *from_image, const struct remains *remains,
		     struct workplace *workplace, struct error *err)
{
	layer->base = base;
	if (!from_image && !remains->has_plan) {
		layer->base = NULL;
		return error_set(err, EINVAL,
				 "the image of the run is not known: there is "
				 "no plan.json beside the disk (name it with "
				 "--from-image)");
	}
	if (!from_image && !remains->image)
		return 0; /* there was none */
	if (read_image(layer, from_image, remains, workplace, err) == 0)
		return 0;
	layer->base = NULL;
	return from_image
		       ? -1
		       : error_prefix(err, "the image of the run (name it with "
					   "--from-image)");
}
