/* SPDX-License-Identifier: MIT */
/* preparing.h - what is known of an image's layers, and preparing them */
#ifndef HOST_RUN_PREPARING_H
#define HOST_RUN_PREPARING_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/image.h"
#include "host/layer/prepared.h"
#include "host/layer/survey.h"

/* What the prepared layers of all images may take together; the least
 * recently used ones go first. */
#define PREPARING_CACHE_MAX (UINT64_C(10) << 30) /* bytes */

enum preparing_state {
	PREPARING_UNKNOWN,  /* it may fit */
	PREPARING_FITS,	    /* it can be prepared */
	PREPARING_EMPTY,    /* it has no entry */
	PREPARING_NO_PLACE, /* squashfs cannot hold it, or it cannot be read */
};

struct preparing_layer {
	enum preparing_state state;
	bool surveyed;	      /* and so verified; the survey is there */
	struct survey survey; /* owned */
};

struct preparing {
	struct image *image;		/* borrowed */
	const struct image_work *work;	/* borrowed */
	struct preparing_layer *layers; /* owned */
	char *cache;   /* owned; the directory; NULL: there is no place */
	char *program; /* owned; tar2sqfs; NULL before preparing_begin() */
	struct error no_cache; /* why there is no place */
};

/* ENOMEM. Looks into the cache for what is known of the layers. */
int preparing_start(struct preparing *preparing, struct image *image,
		    const struct image_work *work, struct error *err);

/* Could the layer be mounted, for all that is known? */
bool preparing_may_fit(const struct preparing *preparing, size_t layer);

/* Layers that lie in one file. */
struct preparing_group {
	const size_t *layers; /* borrowed; their numbers, ascending */
	size_t count;
	struct prepared *file; /* borrowed; PREPARED_NONE, or the file */
};

/* Open the group's file. True if it is there and sound. */
bool preparing_open(struct preparing *preparing,
		    const struct preparing_group *group);

/* Is all there that preparing takes, the program and a directory? */
int preparing_begin(struct preparing *preparing, struct error *err);

/*
 * Verify and survey those layers, several at once. *news: it is now known of
 * some that they cannot be mounted. Fails as image_prepare_layer() does.
 */
int preparing_survey(struct preparing *preparing, const bool *wanted,
		     bool *news, struct error *err);

/*
 * Prepare the groups, whose layers have all been surveyed and fit, several at
 * once. A group that fails has no file, and *why the first reason, or code 0.
 * Fails only with ECANCELED and what jail_is_mistake() knows.
 */
int preparing_squash(struct preparing *preparing,
		     const struct preparing_group *groups, size_t count,
		     struct error *why, struct error *err);

void preparing_release(struct preparing *preparing);

DEFINE_AUTO(preparing, preparing_release)

#endif
