/* SPDX-License-Identifier: MIT */
/* given.h - files that a run is given under a name: inputs and secrets */
#ifndef HOST_PLAN_GIVEN_H
#define HOST_PLAN_GIVEN_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/error.h"

struct given {
	char *name; /* owned; a name of a file, no path */
	char *path; /* owned; on this host */
	bool tar; /* the path is that of a tar, of which the contents are meant */
};

/*
 * Read "NAME=PATH" or, where `tars` allows it, "NAME=tar:PATH". The name has
 * letters, digits, '.', '_' and '-', does not begin with '.', and is none of
 * the `count` that are there. `option` is for the message. EINVAL, ENOMEM.
 */
int given_parse(struct given *given, const char *text, const char *option,
		bool tars, const struct given *others, size_t count,
		struct error *err);

/* As it was said; the caller's to free(). NULL: ENOMEM. */
char *given_text(const struct given *given);

void given_release(struct given *given);

#endif
