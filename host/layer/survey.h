/* SPDX-License-Identifier: MIT */
/* survey.h - read a layer without its data: can squashfs hold it? */
#ifndef HOST_LAYER_SURVEY_H
#define HOST_LAYER_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_read.h"
#include "host/layer/numbers.h"
#include "host/layer/repeats.h"

/* squashfs counts ids in 16 bits (linux/fs/squashfs/squashfs_fs.h). */
#define SURVEY_OWNERS_MAX 65535

/* Zeros that may be written where the tar has none: a tar for tar2sqfs has a
 * file's holes only if they are known before its data, and here they are not. */
#define SURVEY_HOLES_MAX (UINT64_C(1) << 30) /* bytes */

/* tar2sqfs takes pax headers of 64 KiB; this is what an entry's xattrs may
 * have of that, in base64, besides its name and its target. */
#define SURVEY_XATTRS_MAX 49152 /* bytes */

#define SURVEY_WHY_MAX	    256	  /* bytes */
#define SURVEY_WARNINGS_MAX 16384 /* bytes; what is more is not kept */

/*
 * What must be known before a layer is written as squashfs, and what whoever
 * mounts it must know. Usable from { 0 }.
 *
 * A layer does not fit if it has
 * - POSIX ACLs, for which squashfs has no place, or an entry with xattrs of
 *   more than SURVEY_XATTRS_MAX;
 * - times outside of 0 to 2^32-1 seconds, or more than SURVEY_OWNERS_MAX ids;
 * - files with holes of more than SURVEY_HOLES_MAX;
 * - directories that it needs and does not describe, its root excepted: they
 *   take their attributes from the layers below, and a layer is prepared
 *   without them;
 * - more than REPEATS_MAX entries that later ones replace, or hard links to
 *   such an entry: what is replaced lives on under another name.
 *
 * Fractions of a second are lost: squashfs has none, and neither has a layer
 * that overlayvm makes.
 */
struct survey {
	uint64_t entries;  /* of the tar; 0: the layer says nothing */
	bool root_implied; /* it does not describe its root */
	bool opaque_root;  /* see struct layer_stats */
	bool whiteouts;	   /* it deletes something of the layers below */
	bool fits;
	char why_not[SURVEY_WHY_MAX]; /* "" if it fits */
	char *warnings;		      /* owned; lines; NULL: none */
	struct repeats repeats;	      /* for the second turn */

	/* While it is read. */
	struct numbers owners;
	struct numbers targets; /* of hard links; hashes of their paths */
	uint64_t size;		/* bytes of all files, holes included */
};

/*
 * Read the layer. A layer that does not fit is no failure; failures are those
 * of layer_read(), and ECANCELED if `advance`, which may be NULL and is called
 * for each entry, returns other than 0.
 */
int survey_layer(struct survey *survey, const struct layer_source *source,
		 int (*advance)(void *context, uint64_t bytes), void *context,
		 struct error *err);

void survey_release(struct survey *survey);

DEFINE_AUTO(survey, survey_release)

#endif
