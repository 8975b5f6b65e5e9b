/* SPDX-License-Identifier: MIT */
/* choice.h - which image of several: what the user's REF can mean */
#ifndef HOST_IMAGE_CHOICE_H
#define HOST_IMAGE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/error.h"
#include "host/image/digest.h"

enum choice_kind {
	CHOICE_FIRST, /* nothing was said */
	CHOICE_PLACE, /* "@1", the second, as containers/image has it */
	CHOICE_NAME,  /* a name, or if nothing is called so, an ID */
};

struct choice {
	enum choice_kind kind;
	size_t place;	  /* of CHOICE_PLACE, from 0 */
	const char *text; /* borrowed; as it was said, NULL: CHOICE_FIRST */
};

/* The fewest digits that are taken for the beginning of an ID. */
#define CHOICE_ID_MIN 12

/* How many names the message about a wrong one lists. */
#define CHOICE_LISTED_MAX 8

/* `wanted` is borrowed, NULL is nothing. EINVAL if no number follows '@'. */
int choice_make(struct choice *choice, const char *wanted, struct error *err);

/*
 * Whether it may be an ID: CHOICE_ID_MIN to 64 hexadecimal digits, with or
 * without "sha256:" before them.
 */
bool choice_may_be_id(const struct choice *choice);

/* Whether it is this ID or the beginning of it; not if that is "". */
bool choice_is_id(const struct choice *choice, const struct digest *id);

/*
 * All return -1, the message being "holds no image 'REF'; there is ..." and
 * the like, for `count` images or the names that there are; names beyond
 * CHOICE_LISTED_MAX are only hinted at. ENOENT.
 */
int choice_say_missing(const struct choice *choice, const char *const *names,
		       size_t name_count, struct error *err);
int choice_say_too_far(const struct choice *choice, size_t count,
		       struct error *err);

/* EINVAL. */
int choice_say_ambiguous(const struct choice *choice, struct error *err);

#endif
