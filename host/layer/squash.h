/* SPDX-License-Identifier: MIT */
/* squash.h - layers become one squashfs */
#ifndef HOST_LAYER_SQUASH_H
#define HOST_LAYER_SQUASH_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_slice.h"
#include "host/layer/survey.h"

/*
 * In the file system layer N, counted from 1, is the directory "N", as
 * overlayfs wants a lower directory: whiteouts are character devices 0:0, and
 * opaque directories have trusted.overlay.opaque=y.
 *
 * "whiteouts/N" is there if the layer has any: a lower directory to go right
 * below it, with the directories in which its whiteouts lie. overlayfs hides
 * whiteouts when it merges directories; one in a directory that no other layer
 * has it would list, and then say that there is no such file.
 */
#define SQUASH_WHITEOUTS "whiteouts"

struct squash_layer {
	struct layer_source source;
	struct survey *survey; /* of the same source; it fits; used up */
};

/*
 * What is done with whatever takes time: advance as in struct image_work; may
 * be NULL. `jobs` threads compress.
 */
struct squash_options {
	const char *program; /* path of tar2sqfs */
	unsigned int jobs;
	int (*advance)(void *context, uint64_t bytes);
	void *context;
};

/*
 * Write the layers to the empty file that `out` is open for, for reading and
 * writing. Fails with ENOSPC if the file's file system is full, ECANCELED,
 * EIO with tar2sqfs' own words, and as layer_read() does. What is in the file
 * then is of no use.
 */
int squash_layers(int out, const struct squash_layer *layers, size_t count,
		  const struct squash_options *options, struct error *err);

#endif
