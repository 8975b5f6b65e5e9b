/* SPDX-License-Identifier: MIT */
/* base_image.h - what lies below a layer, of an image */
#ifndef HOST_CLI_BASE_IMAGE_H
#define HOST_CLI_BASE_IMAGE_H

#include "guest/shared/error.h"
#include "host/image/image.h"
#include "host/image/work.h"
#include "host/layer/base.h"

/* Lay all layers of an open image on the base. Fails as image_prepare_layer()
 * and base_add() do. */
int base_image_read(struct base *base, struct image *image,
		    const struct image_work *work, struct error *err);

#endif
