/* SPDX-License-Identifier: MIT */
/* image_output.h - an image on its way to where the user wants it */
#ifndef HOST_RUN_IMAGE_OUTPUT_H
#define HOST_RUN_IMAGE_OUTPUT_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/draft.h"
#include "host/image/target.h"
#include "host/image/work.h"
#include "host/image/write_layout.h"
#include "host/image/write_nix.h"
#include "host/run/output.h"

/* Of file, layout and nix the one that the target's form calls for. */
struct image_output {
	struct target target;
	struct output file;
	struct layout layout;
	struct nix_layer nix;
};

#define IMAGE_OUTPUT_NONE                                                      \
	{                                                                      \
		.file = OUTPUT_NONE, .layout = LAYOUT_NONE,                    \
		.nix = NIX_LAYER_NONE                                          \
	}

/*
 * Read the target, and say early what would fail late. Fails as target_parse(),
 * output_check(), layout_check() and nix_layer_check() do. Touches nothing.
 */
int image_output_check(struct image_output *output, const char *text,
		       struct error *err);

/* After a check: write the image where nobody sees it yet. A stream's bytes go
 * to work->dir first. */
int image_output_write(struct image_output *output, const struct draft *draft,
		       const struct image_work *work, struct error *err);

/* After that: make it seen. The draft must still be there. */
int image_output_commit(struct image_output *output, struct error *err);

/* Without a commit before it, nothing is left. */
void image_output_release(struct image_output *output);

DEFINE_AUTO(image_output, image_output_release)

#endif
