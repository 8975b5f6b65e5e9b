/* SPDX-License-Identifier: MIT */
/* history.h - what the config of an image says of how its layers were made */
#ifndef HOST_IMAGE_HISTORY_H
#define HOST_IMAGE_HISTORY_H

#include <stddef.h>

#include <json-c/json.h>

#include "guest/shared/error.h"
#include "host/image/addition.h"

/*
 * Readers count: the entries that are not "empty_layer" are the layers, one
 * each (OCI image-spec, config.md).
 *
 * See that the history of the document has `layers` of them. Without a history
 * it gets entries that say no more than that there is a layer. EINVAL if it
 * has another number, or is of the wrong type.
 */
int history_mend(struct json_object *document, size_t layers,
		 struct error *err);

/* Append an entry for a layer that was made at `created`, RFC 3339. */
void history_append(struct json_object *document,
		    const struct image_addition *addition, const char *created);

#endif
