/* SPDX-License-Identifier: MIT */
/* layer_late.h - hard links that came before their target */
#ifndef GUEST_SHARED_LAYER_LATE_H
#define GUEST_SHARED_LAYER_LATE_H

#include "guest/shared/error.h"
#include "guest/shared/layer_apply.h"

/* Keep `node`, which nothing is at, for a link to `target` in normal form. */
int layer_late_add(struct layer_apply *apply, struct layer_node *node,
		   const char *target, struct error *err);

/*
 * Make those that no later entry has taken the place of, in the order in which
 * they came. ENOENT: the target is not in the layer, or it is itself a link
 * that comes later.
 */
int layer_late_finish(struct layer_apply *apply, struct error *err);

void layer_late_release(struct layer_apply *apply);

#endif
