/* SPDX-License-Identifier: MIT */
/* stage.h - a directory under construction, seen by nobody until it is done */
#ifndef HOST_IMAGE_STAGE_H
#define HOST_IMAGE_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/blob.h"
#include "host/image/work.h"

struct stage {
	int parent; /* owned; -1 before stage_make() */
	int dir;    /* owned; the directory itself */
	char *name; /* owned; of it in the parent; NULL: it is gone or done */
};

#define STAGE_NONE                                                             \
	{                                                                      \
		.parent = -1, .dir = -1                                        \
	}

/*
 * Make a directory .BASE.PID.N.tmp in the directory `parent`, which the stage
 * takes over in any case.
 */
int stage_make(struct stage *stage, int parent, const char *base,
	       struct error *err);

/*
 * Write a new file in the directory `dir`, of the mode that the umask leaves
 * of 0666, and see it onto the disk. Fails as image_blob_read() does; and with
 * what writing says; the file is gone then.
 */
int stage_put(int dir, const char *name, const struct image_blob *blob,
	      const struct image_work *work, struct error *err);

/* The same for bytes that are in memory. */
int stage_put_bytes(int dir, const char *name, const void *bytes, size_t size,
		    struct error *err);

/*
 * Give the directory its name in the parent, where there may be nothing or an
 * empty directory. ENOTEMPTY or EEXIST: there is something, and the stage is
 * as it was; the message names `path`.
 */
int stage_publish(struct stage *stage, const char *base, const char *path,
		  struct error *err);

/* The same where there is a directory: it is removed, with all that is in it,
 * when the new one stands in its place. */
int stage_replace(struct stage *stage, const char *base, const char *path,
		  struct error *err);

/* Without a publication before it, nothing is left. */
void stage_release(struct stage *stage);

DEFINE_AUTO(stage, stage_release)

#endif
