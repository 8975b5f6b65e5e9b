/* SPDX-License-Identifier: MIT */
/* remains.h - the scratch disk of a run that failed, and what is known of the run */
#ifndef HOST_RESCUE_REMAINS_H
#define HOST_RESCUE_REMAINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/image.h"

#define REMAINS_PLAN_MAX (16 * 1024 * 1024) /* bytes; hooks are in it */

/* Usable from { 0 }. */
struct remains {
	char *disk;	  /* owned, absolute: a regular file */
	bool has_plan;	  /* plan.json lies beside it; else nothing follows */
	char *image;	  /* owned; what --from-image said; NULL: no image */
	char *image_name; /* owned; NULL: not said */
	char *image_tag;  /* owned; NULL: not said */
	char **diff_ids;  /* owned; "sha256:..." of each layer, lowest first */
	size_t layer_count;
	bool has_clamp;
	int64_t clamp; /* SOURCE_DATE_EPOCH of the run */
};

/*
 * Find the disk that `text` names: the directory of --keep-failed, or the disk
 * in it, and read the plan beside it, if there is one. Fails with ENOENT and
 * the rest of stat(2) and open(2), with EINVAL for what is no regular file, and
 * with EPROTO for a plan that no run has written; *remains is then untouched.
 */
int remains_find(struct remains *remains, const char *text, struct error *err);

/* Whether the image is the one of the run: EINVAL if a layer differs. Nothing
 * is compared without a plan. */
int remains_compare(const struct remains *remains, const struct image *image,
		    struct error *err);

void remains_release(struct remains *remains);

DEFINE_AUTO(remains, remains_release)

#endif
