/* SPDX-License-Identifier: MIT */
/* opened.h - a file of which it is to be seen whether it is image or layer */
#ifndef HOST_LAYER_OPENED_H
#define HOST_LAYER_OPENED_H

#include <stdbool.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"
#include "host/image/source.h"
#include "host/image/work.h"

/* The name in work->dir of what a compressed file is decompressed to. */
#define OPENED_NAME "opened.tar"

struct opened {
	struct source source; /* owned; of plain bytes */
	const char *path;     /* of it; borrowed */
	bool is_image;	      /* manifest.json, index.json or oci-layout lie
			       * at its top */
	struct layer_source layer; /* all of it */
};

/*
 * Open a tar, which is decompressed if it is compressed, and read its headers
 * until it is known what it is. One that is damaged after its first header is
 * a layer unless it was known before. EINVAL for what is no tar; otherwise as
 * source_open() and expand_run() fail.
 */
int opened_read(struct opened *opened, const char *path,
		const struct image_work *work, struct error *err);

void opened_release(struct opened *opened);

DEFINE_AUTO(opened, opened_release)

#endif
