/* SPDX-License-Identifier: MIT */
/* config_apply.h - make the changes of --config in the JSON of a config */
#ifndef HOST_IMAGE_CONFIG_APPLY_H
#define HOST_IMAGE_CONFIG_APPLY_H

#include <stddef.h>

#include <json-c/json.h>

#include "guest/shared/error.h"
#include "host/plan/config_change.h"

/*
 * Make the changes in the object "config" of the document, which is added if
 * it is missing. EINVAL if a field that is to be changed is of the wrong type.
 * ENOMEM is not looked for: what json-c cannot make is missing in the end, and
 * config_edit() reads what it has made.
 */
int config_apply(struct json_object *document,
		 const struct config_change *changes, size_t count,
		 struct error *err);

#endif
