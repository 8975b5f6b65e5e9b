/* SPDX-License-Identifier: MIT */
/* show_forms.h - the forms in which a listing can be shown */
#ifndef HOST_CLI_SHOW_FORMS_H
#define HOST_CLI_SHOW_FORMS_H

#include <stdbool.h>
#include <stdio.h>

#include "guest/shared/error.h"
#include "host/layer/listing.h"

/* All fail if the stream does, to its last byte; ENOMEM. */

/*
 * One line a path with mark, mode, owner, size (of a device: major, minor),
 * time (UTC) and path, quoted as listing_print() does; "-" is what a deleted
 * path does not have. Columns are aligned. Lines without a mark begin with the
 * mode.
 */
int show_print_long(const struct listing *listing, FILE *out,
		    struct error *err);

/*
 * Directories before what is in them, names sorted; ones that have no entry
 * themselves are there without a mark. Lines are drawn as the locale can. A
 * sum comes last.
 */
int show_print_tree(const struct listing *listing, bool color, FILE *out,
		    struct error *err);

/*
 * An array of objects, one line each. A name or target that is no UTF-8 text
 * is written with its stray bytes as \ooo and its backslashes doubled, and
 * "escaped" then lists the field; others are as they are.
 */
int show_print_json(const struct listing *listing, FILE *out,
		    struct error *err);

#endif
