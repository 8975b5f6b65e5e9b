/* SPDX-License-Identifier: MIT */
/* config_edit.h - the config of an image, changed; the rest kept as it is */
#ifndef HOST_IMAGE_CONFIG_EDIT_H
#define HOST_IMAGE_CONFIG_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "host/image/addition.h"
#include "host/image/config.h"
#include "host/plan/config_change.h"

struct config_edit {
	const struct image_addition *additions; /* lowest first */
	size_t addition_count;
	const struct config_change *changes; /* in this order */
	size_t change_count;
	int64_t created; /* seconds since 1970 */
	bool flattened;	 /* the additions take the place of the layers */
};

/*
 * Make the config of an image out of that of its base, or out of nothing where
 * base is NULL. What the program does not know stays, in its place; rootfs,
 * history and created are brought up to date, and the changes are made.
 *
 * A history that is missing is made up for, so that it speaks of each layer.
 * One that speaks of more or fewer layers than there are is EINVAL, as are a
 * field of a wrong type, and a time after the year 9999; ENOMEM. Without
 * additions this tells whether a base will do.
 *
 * *bytes is the caller's; a zero byte follows the *size bytes.
 */
int config_edit(const struct image_config *base, const struct config_edit *edit,
		char **bytes, size_t *size, struct error *err);

#endif
