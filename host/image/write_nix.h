/* SPDX-License-Identifier: MIT */
/* write_nix.h - a layer as nixpkgs' dockerTools hands them on */
#ifndef HOST_IMAGE_WRITE_NIX_H
#define HOST_IMAGE_WRITE_NIX_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/draft.h"
#include "host/image/stage.h"
#include "host/image/work.h"

/* A directory with layer.tar, json (the config, and `checksum`) and VERSION. */
struct nix_layer {
	const char *path; /* borrowed */
	char *base;	  /* owned; the last part of it */
	struct stage stage;
};

#define NIX_LAYER_NONE                                                         \
	{                                                                      \
		.stage = STAGE_NONE                                            \
	}

/*
 * Say early what would fail late: there may be nothing, an empty directory, or
 * one that has these three files and nothing else. ENOTEMPTY, ENOTDIR, and
 * what the file system says of writing there. Touches nothing.
 */
int nix_layer_check(const char *path, struct error *err);

/*
 * Write it beside its place. It holds the one layer that is not the base's:
 * EINVAL if there are none or several, or if it is compressed.
 */
int nix_layer_write(struct nix_layer *layer, const char *path,
		    const struct draft *draft, const struct image_work *work,
		    struct error *err);

/* Put it into its place, where one of before goes in the same moment. */
int nix_layer_commit(struct nix_layer *layer, struct error *err);

/* Without a commit before it, nothing is left. */
void nix_layer_release(struct nix_layer *layer);

DEFINE_AUTO(nix_layer, nix_layer_release)

#endif
