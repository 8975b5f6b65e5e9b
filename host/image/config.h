/* SPDX-License-Identifier: MIT */
/* config.h - the configuration of an image: what it is for, what is in it */
#ifndef HOST_IMAGE_CONFIG_H
#define HOST_IMAGE_CONFIG_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/digest.h"
#include "host/image/string_list.h"

/* As containers/image has it, so that users see the same verdict. */
#define IMAGE_CONFIG_MAX (4 * 1024 * 1024) /* bytes */

/* OCI image-spec, config.md. */
struct image_config {
	char *bytes; /* owned; the JSON as it came, a zero byte after it */
	size_t size; /* bytes */
	struct digest digest; /* of the bytes: this is the image's ID */

	struct digest *diff_ids; /* owned; lowest layer first */
	size_t diff_id_count;

	/* How commands run in the image; empty where the config is silent. */
	struct string_list env; /* "NAME=VALUE" */
	struct string_list shell;
	char *user;	   /* owned; "" is root */
	char *working_dir; /* owned; "" is "/" */
};

/* What the specification calls this machine: "amd64". Static storage. */
const char *image_config_architecture(void);

/*
 * Take over `bytes` and read them. EINVAL if they are no such JSON, or if a
 * diff_id is no digest; ENOTSUP if the image is for another system than Linux
 * or another machine than this one (a config that names none is taken to be
 * for this one, as Docker does); ENOMEM. On failure *config is untouched and
 * the bytes are freed.
 */
int image_config_parse(struct image_config *config, char *bytes, size_t size,
		       struct error *err);

void image_config_release(struct image_config *config);

DEFINE_AUTO(image_config, image_config_release)

#endif
