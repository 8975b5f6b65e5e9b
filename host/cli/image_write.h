/* SPDX-License-Identifier: MIT */
/* image_write.h - write an image from a command that works on images */
#ifndef HOST_CLI_IMAGE_WRITE_H
#define HOST_CLI_IMAGE_WRITE_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/image/config_edit.h"
#include "host/image/image.h"
#include "host/image/work.h"
#include "host/run/image_output.h"

/*
 * Write the image that `base` becomes by the edit to the target that `output`
 * has checked, and make it seen. Fails as draft_make(), image_output_write()
 * and image_output_commit() do, and with ESTALE if the base changed meanwhile.
 */
int image_write(struct image_output *output, struct image *base,
		const struct config_edit *edit, const struct image_work *work,
		struct error *err);

/* The time that a new image says: SOURCE_DATE_EPOCH, or now. EINVAL for one
 * that is not a number. */
int image_write_time(int64_t *seconds, struct error *err);

#endif
