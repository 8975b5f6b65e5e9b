/* SPDX-License-Identifier: MIT */
/* inspection.h - what overlayvm image inspect says of an image */
#ifndef HOST_CLI_INSPECTION_H
#define HOST_CLI_INSPECTION_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/image.h"
#include "host/image/work.h"

struct json_object;

/* Of one diffID of the config, repeated ones too, lowest first. */
struct inspected_layer {
	const struct image_layer *layer; /* the image's */
	uint64_t size;			 /* bytes, uncompressed */
};

struct inspection {
	const struct image *image;	/* borrowed */
	struct json_object *config;	/* owned; the whole document */
	struct inspected_layer *layers; /* owned */
	size_t layer_count;

	/* Whether its entries with a layer are as many as the layers, so that
	 * it can be said which made which. */
	bool history_fits;
	struct json_object *history; /* the document's; NULL: there is none */
};

/*
 * Gather it. Reads every compressed layer to know its size, but verifies none.
 * As expand_run() fails, and document_parse().
 */
int inspection_make(struct inspection *inspection, const struct image *image,
		    const struct image_work *work, struct error *err);

/* Whether an entry of the history has made no layer. */
bool inspection_is_empty(struct json_object *entry);

/* Lines for people; whatever the image says is escaped as escape.h does. */
void inspection_print(const struct inspection *inspection, FILE *out);

/* One JSON object. What write(2) says. */
int inspection_print_json(const struct inspection *inspection,
			  struct error *err);

void inspection_release(struct inspection *inspection);

DEFINE_AUTO(inspection, inspection_release)

#endif
