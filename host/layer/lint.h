/* SPDX-License-Identifier: MIT */
/* lint.h - which rules a layer breaks, all of them */
#ifndef HOST_LAYER_LINT_H
#define HOST_LAYER_LINT_H

#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"
#include "host/image/findings.h"
#include "host/image/work.h"
#include "host/layer/base.h"

/* What the paths of a layer, and its hard links, may take in memory. */
#define LINT_HELD_MAX (UINT64_C(512) << 20) /* bytes */

/*
 * Read a layer that anyone may have made, and report what rules.h asks of
 * layers and is not so. check.h is stricter, and stops at the first thing:
 * that is for layers of which we know who made them and how.
 *
 * `base` is what the layers below show; NULL: not known, and then nothing is
 * said of whiteouts that hide nothing. A tar that cannot be read to its end is
 * a finding as well, and the last one. Fails with ENOMEM, with ECANCELED if
 * work->advance says so, and with what read(2) says.
 */
int lint_layer(const struct layer_source *source, const struct base *base,
	       const struct image_work *work, struct findings *findings,
	       struct error *err);

#endif
