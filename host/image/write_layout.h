/* SPDX-License-Identifier: MIT */
/* write_layout.h - put an image into an OCI layout, new or there already */
#ifndef HOST_IMAGE_WRITE_LAYOUT_H
#define HOST_IMAGE_WRITE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/draft.h"
#include "host/image/stage.h"
#include "host/image/work.h"

struct layout {
	const char *path;	   /* borrowed */
	const char *ref;	   /* borrowed; NULL: none */
	const struct draft *draft; /* borrowed */
	char *base;		   /* owned; the last part of the path */
	int dir; /* owned; the layout that is there, -1: there is none yet */
	struct stage stage;
	int blobs; /* owned; blobs/sha256 of the stage */
};

#define LAYOUT_NONE                                                            \
	{                                                                      \
		.dir = -1, .stage = STAGE_NONE, .blobs = -1                    \
	}

/*
 * Write what the layout lacks of the image's blobs, where nobody sees them yet:
 * into a directory of our own, in the layout that is there or beside the one
 * that is to be. Blobs that are there are read and compared.
 */
int layout_write(struct layout *layout, const char *path, const char *ref,
		 const struct draft *draft, const struct image_work *work,
		 struct error *err);

/*
 * Make it seen: a new layout as a whole, in one rename; in one that is there
 * blobs first, each in one rename, and then index.json. That is changed under
 * a lock, flock(2) on the directory, so that several writers of ours do not
 * lose each other's images. Of what was there nothing is touched but the index
 * and, in it, an image of the same name. On failure what was added is removed.
 */
int layout_commit(struct layout *layout, struct error *err);

/* Without a commit before it, nothing is left. */
void layout_release(struct layout *layout);

DEFINE_AUTO(layout, layout_release)

#endif
