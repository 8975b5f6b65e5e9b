/* SPDX-License-Identifier: MIT */
/* base.h - the paths that layers show when they lie on each other */
#ifndef HOST_LAYER_BASE_H
#define HOST_LAYER_BASE_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_node.h"
#include "guest/shared/layer_slice.h"

/* What the paths of a base may take in memory; some four million do. */
#define BASE_HELD_MAX (UINT64_C(512) << 20) /* bytes */

/* Names and kinds, no more. Usable from { 0 }, which is a base of no layers. */
struct base {
	struct layer_node *root; /* owned; NULL before the first layer */
	uint64_t held;		 /* bytes */
};

/*
 * Lay one more layer on top, by the rules of guest/shared/layer_apply.h, so
 * that there is what an overlay of the layers would show. Fails as
 * layer_read() does, and with E2BIG beyond BASE_HELD_MAX; what the base has
 * after a failure is of no use.
 */
int base_add(struct base *base, const struct layer_source *layer,
	     struct error *err);

/*
 * The node of a path in normal form, "" the root, whose kind is
 * LAYER_DIRECTORY or LAYER_OTHER; NULL if the layers do not show it. No
 * symlink is followed.
 */
const struct layer_node *base_find(const struct base *base, const char *path);

/* For struct listing_below: whether there is one. */
bool base_exists(void *base, const char *path);

void base_release(struct base *base);

DEFINE_AUTO(base, base_release)

#endif
