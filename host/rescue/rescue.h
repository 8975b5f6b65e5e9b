/* SPDX-License-Identifier: MIT */
/* rescue.h - what can be done with a kept disk, through libguestfs */
#ifndef HOST_RESCUE_RESCUE_H
#define HOST_RESCUE_RESCUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"
#include "host/layer/base.h"
#include "host/layer/listing.h"

/*
 * The disk is hostile, and no part of it is interpreted here: its file system
 * is mounted read-only in libguestfs' own virtual machine. All this is done in
 * a child process, which gets no signal of the terminal and ends with its
 * virtual machine when `pending` says so. Plain data, borrowed.
 */
struct rescue {
	const char *disk;   /* absolute path of a regular file */
	const char *tmpdir; /* a private directory, absolute */

	/* Other than 0: a signal has come, and the work is to end. */
	int (*pending)(void *context);
	/* One line that the user should know; called in the child. */
	void (*warn)(void *context, const char *text);
	void *context;
};

/*
 * Whether libguestfs is there: ENOSYS if overlayvm was built without it,
 * ENOENT if it is not installed; the message has the cure.
 */
int rescue_available(struct error *err);

/* The functions below fail as that one, with ECANCELED after `pending`, and
 * with what libguestfs says: a message that names a path as the user did. */

/*
 * What a directory on the disk has, names sorted, or the one file that `path`
 * is, given to `take` in the child. Paths begin at the root of the disk.
 */
int rescue_list(const struct rescue *rescue, const char *path,
		int (*take)(void *context, const struct listing *listing,
			    struct error *err),
		void *context, struct error *err);

/* The bytes of a regular file, piece by piece, as rescue_list(). */
int rescue_read(const struct rescue *rescue, const char *path,
		int (*take)(void *context, const void *bytes, size_t size,
			    struct error *err),
		void *context, struct error *err);

#define RESCUE_BELOW_MAX 500 /* layers; as many as overlayfs takes */

struct rescue_layer {
	int fd; /* an empty file, for the tar of the layer */

	/* What is below the upper directory: that of the image, NULL if it is
	 * not known, and then *why_not says why. */
	struct base *base;
	const struct error *why_not;
	size_t image_layers; /* how many that are */
	bool has_clamp;
	int64_t clamp; /* as SOURCE_DATE_EPOCH */

	/* An empty file, for the layers that --layer-per-run has put between
	 * the image and the upper directory, lowest first; how many bytes of
	 * it are theirs, and where each ends. Filled in on success. */
	int below_fd;
	size_t below_count;
	uint64_t below_end[RESCUE_BELOW_MAX];
};

/*
 * Write the upper directory to layer->fd as the tar that the run would have
 * given (guest/agent/upper.h). EINVAL, besides, for what a layer cannot hold,
 * and if what is below has to be known and is not; E2BIG for more than
 * layer_check() takes. Nothing has been checked yet.
 */
int rescue_export(const struct rescue *rescue, struct rescue_layer *layer,
		  struct error *err);

/* Become guestfish(1) on the disk. Returns only if that fails. */
int rescue_shell(const char *disk, struct error *err);

#endif
