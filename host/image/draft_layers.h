/* SPDX-License-Identifier: MIT */
/* draft_layers.h - the layers of an image that is to be written */
#ifndef HOST_IMAGE_DRAFT_LAYERS_H
#define HOST_IMAGE_DRAFT_LAYERS_H

#include "guest/shared/error.h"
#include "host/image/draft.h"

/*
 * Fill in the draft's layers: those of the base, if there is one and it is not
 * flattened, and behind them what the edit adds. See draft_make(). On failure
 * the draft is to be released.
 */
int draft_take_layers(struct draft *draft, struct image *base,
		      const struct config_edit *edit,
		      const struct image_work *work, struct error *err);

#endif
