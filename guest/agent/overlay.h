/* SPDX-License-Identifier: MIT */
/* overlay.h - the merged tree over the layers, and the view below it */
#ifndef GUEST_AGENT_OVERLAY_H
#define GUEST_AGENT_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/error.h"

/*
 * Layer N lies in image/N/layer, N = 1 is the lowest; a layer whose element
 * of `empty` is true is left out, as overlayfs gains nothing from it (R14).
 */

/* "image/N/layer" into `path`, which takes any N. */
#define OVERLAY_LAYER_MAX 40 /* bytes */
void overlay_layer_path(char path[OVERLAY_LAYER_MAX], size_t layer);

/* A directory that goes right below the layer from now on, wherever that is
 * merged; if there are as many as overlayfs takes it is left out. */
int overlay_put_below(size_t layer, const char *path, struct error *err);

/*
 * Mount the merged tree of layers 1 to `count` and the upper directory on
 * AGENT_MERGED; without layers that is a bind mount of the upper directory.
 * E2BIG if the list of layers does not fit what mount(2) takes.
 */
int overlay_mount(size_t count, const bool *empty, struct error *err);

/*
 * Unmount AGENT_MERGED and all that hooks have mounted below it. What is
 * busy, which after process_end_others() is a descriptor of the hooks' shell,
 * is detached. EINVAL if a hook has unmounted it already.
 */
int overlay_unmount(struct error *err);

/* Unmount only what hooks have mounted below the merged tree. */
int overlay_clear(struct error *err);

/*
 * A read-only view of layers 1 to `count` alone, merged by the kernel, so
 * that what is there below an upper directory is asked where it is known
 * best. Returns an O_PATH descriptor of its root, the caller's to close
 * before overlay_close_lower(); or -1 with err->code 0 if there is no layer.
 */
int overlay_open_lower(size_t count, const bool *empty, struct error *err);
int overlay_close_lower(struct error *err);

#endif
