/* SPDX-License-Identifier: MIT */
/* layering.h - how each layer of the base image reaches the guest */
#ifndef HOST_RUN_LAYERING_H
#define HOST_RUN_LAYERING_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"
#include "host/image/image.h"
#include "host/image/work.h"
#include "host/layer/prepared.h"

enum layering_way {
	LAYERING_UNPACK,  /* as a tar */
	LAYERING_MOUNT,	  /* as a squashfs */
	LAYERING_NOTHING, /* the layer has no entry */
};

struct layering_layer {
	enum layering_way way;
	size_t file;	/* which of the files, if it is mounted */
	unsigned place; /* its directory in that, from 1 */
	const struct record_layer *record; /* borrowed; if it is mounted */
};

struct layering {
	struct layering_layer *layers; /* owned; as the image counts them */
	size_t count;
	struct prepared files[MESSAGE_PARTITIONS_MAX];
	size_t file_count;
	bool made; /* some of the files, by this run */
};

#define LAYERING_NONE                                                          \
	{                                                                      \
		.count = 0                                                     \
	}

struct layering_options {
	bool mount; /* prepared layers are wanted */
	struct image_work work;
	/* Not NULL: something that takes time begins; something that the user
	 * should know, one line. */
	void (*step)(void *context, const char *name);
	void (*note)(void *context, const char *text);
	void *context;
};

/*
 * Decide for each layer. Those that can be mounted are looked for in the
 * cache, and prepared there if they are missing, several at once; neither they
 * nor layers without entries are read if all is known of them. Those that are
 * to be unpacked are verified: image_layer_prepare().
 *
 * Whatever goes wrong with the cache or in preparing is no failure: such
 * layers are unpacked, with one note. Failures are those of
 * image_layer_prepare(), ECANCELED and ENOMEM.
 */
int layering_make(struct layering *layering, struct image *image,
		  const struct layering_options *options, struct error *err);

/* As prepared_unchanged(), of all files. */
int layering_unchanged(const struct layering *layering, struct error *err);

void layering_release(struct layering *layering);

DEFINE_AUTO(layering, layering_release)

#endif
