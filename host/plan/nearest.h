/* SPDX-License-Identifier: MIT */
/* nearest.h - the word that was probably meant */
#ifndef HOST_PLAN_NEAREST_H
#define HOST_PLAN_NEAREST_H

#include <stddef.h>

#include "guest/shared/error.h"

#define NEAREST_WORD_MAX 64 /* bytes; no longer word is compared */

/*
 * How many letters must be put in, left out, replaced or swapped with their
 * neighbour to make one word of the other (optimal string alignment); upper
 * and lower case are alike. SIZE_MAX if either is longer than the limit.
 */
size_t nearest_distance(const char *a, const char *b);

/* A search: { .word = what was said }, then offer whatever it could be. */
struct nearest {
	const char *word;
	const char *found; /* the nearest so far; NULL: nothing is near */
	size_t distance;   /* of that one */
};

/*
 * Near is what differs in no more than a third of the word's letters, one at
 * least. Of equally near ones the first stays. The candidate is borrowed.
 */
void nearest_offer(struct nearest *nearest, const char *candidate);

/*
 * EINVAL: "WHAT 'SAID' (did you mean 'DASHESfound'? CURE)", with `what` such
 * as "unknown key", `said` the word as it was written and `cure` such as "try
 * 'overlayvm --help'", or NULL. Of the part in brackets only what there is.
 */
int nearest_refuse(const struct nearest *nearest, const char *what,
		   const char *said, const char *dashes, const char *cure,
		   struct error *err);

#endif
