/* SPDX-License-Identifier: MIT */
/* image_lint.h - which rules an image breaks, all of them */
#ifndef HOST_IMAGE_IMAGE_LINT_H
#define HOST_IMAGE_IMAGE_LINT_H

#include "guest/shared/error.h"
#include "host/image/findings.h"
#include "host/image/store.h"
#include "host/image/work.h"

/* The uncompressed bytes of a layer. */
struct image_lint_bytes {
	int fd;
	uint64_t offset;
	uint64_t size;
};

/* Whoever looks into the layers; see host/layer/lint.h. */
struct image_lint_layers {
	/* Another image begins. */
	void (*begin)(void *context);

	/* The next layer of it, lowest first; its place in the findings is
	 * set. Anything but 0 ends the work, and *err says why. */
	int (*layer)(void *context, const struct image_lint_bytes *bytes,
		     struct error *err);
	void *context;
};

/*
 * Read every image of an archive or an OCI layout, by manifest.json and by
 * index.json, whichever there are, and report what rules.h asks of images and
 * is not so. `wanted` is the name of one of them; NULL: all. Layers are
 * verified, and shown to `layers` lowest first; those of an image that is
 * named twice are shown once.
 *
 * Nothing that the image says is trusted or ends the work: what cannot be read
 * is a finding, and the rest is read. Fails for want of memory or space, with
 * ENOENT if there is no such image, and if `layers` says so.
 */
int image_lint(const struct store *store, const char *wanted,
	       const struct image_lint_layers *layers,
	       const struct image_work *work, struct findings *findings,
	       struct error *err);

#endif
