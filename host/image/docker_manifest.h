/* SPDX-License-Identifier: MIT */
/* docker_manifest.h - manifest.json of a docker archive, and the choice in it */
#ifndef HOST_IMAGE_DOCKER_MANIFEST_H
#define HOST_IMAGE_DOCKER_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/choice.h"
#include "host/image/digest.h"
#include "host/image/string_list.h"

#define DOCKER_MANIFEST_NAME "manifest.json"

/* As containers/image has it, so that users see the same verdict. */
#define DOCKER_MANIFEST_MAX (1024 * 1024) /* bytes */

/* One image of the archive. The names of files are as the archive says them. */
struct docker_image {
	char *config; /* owned */
	struct string_list tags;
	struct string_list layers; /* lowest first */
};

/*
 * The form is that of moby's image/tarexport: an array of objects, with the
 * fields Config, RepoTags and Layers.
 */
struct docker_manifest {
	struct docker_image *images; /* owned */
	size_t count;
};

/*
 * Read the JSON. RepoTags and Layers may be null or missing. EINVAL if it is
 * none, holds no image, or a field has the wrong type; ENOMEM.
 */
int docker_manifest_parse(struct docker_manifest *manifest, const char *bytes,
			  size_t size, struct error *err);

/*
 * Find the image that the choice names: the one at that place; else the one
 * that has it among its tags (image_name_equal); else the one whose ID it is,
 * which is taken from the name of its config. *image stays the manifest's.
 *
 * ENOENT if there is none; the message lists the tags there are. EINVAL if
 * two different images have it.
 */
int docker_manifest_choose(const struct docker_manifest *manifest,
			   const struct choice *choice,
			   const struct docker_image **image,
			   struct error *err);

/*
 * Whether the name of a config says its digest, as those of all known writers
 * do: HEX.json, blobs/sha256/HEX, sha256:HEX.
 */
bool docker_image_id(const struct docker_image *image, struct digest *id);

void docker_manifest_release(struct docker_manifest *manifest);

DEFINE_AUTO(docker_manifest, docker_manifest_release)

#endif
