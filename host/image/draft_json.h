/* SPDX-License-Identifier: MIT */
/* draft_json.h - the JSON documents of an image that is written */
#ifndef HOST_IMAGE_DRAFT_JSON_H
#define HOST_IMAGE_DRAFT_JSON_H

#include <stddef.h>

#include <json-c/json.h>

#include "guest/shared/error.h"
#include "host/image/annotations.h"
#include "host/image/draft.h"

#define ANNOTATION_BASE_NAME   "org.opencontainers.image.base.name"
#define ANNOTATION_BASE_DIGEST "org.opencontainers.image.base.digest"

/* All make documents that are the caller's to put; NULL for want of memory. */

/* An OCI manifest of the lowest `count` layers. Either annotation may be NULL. */
struct json_object *draft_manifest_json(const struct draft *draft, size_t count,
					const char *base_name,
					const char *base_digest);

/* {"imageLayoutVersion":"1.0.0"} */
struct json_object *draft_layout_json(void);

/* An index without manifests. */
struct json_object *draft_index_json(void);

/*
 * Put the image into an index, behind those that are there. `ref` is its name
 * there, NULL: none; another of that name is taken out, as is the same one
 * where neither has a name. `name` is a full name for containerd and Docker, or
 * NULL. The other images stay as they are. EINVAL if it is no index.
 */
int draft_enter(struct json_object *index, const struct draft *draft,
		const char *ref, const char *name, struct error *err);

/* manifest.json of a docker archive; `name` is "busybox:1", NULL: none. */
struct json_object *draft_docker_json(const struct draft *draft,
				      const char *name);

/* The file `repositories`, that some old readers look for. */
struct json_object *draft_repositories_json(const struct draft *draft,
					    const char *name);

#endif
