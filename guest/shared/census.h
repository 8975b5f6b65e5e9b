/* SPDX-License-Identifier: MIT */
/* census.h - all there is to know of a tree, path by path, as text */
#ifndef GUEST_SHARED_CENSUS_H
#define GUEST_SHARED_CENSUS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "guest/shared/layer_entry.h"

/*
 * The guest takes one of the merged tree, the host of what the layers make, and
 * the two are the same tree if these are the same. A directory comes first,
 * then what is in it, bytewise by name. Each path has CENSUS_FIELDS strings,
 * each with its zero byte.
 */
enum census_field {
	CENSUS_PATH, /* "etc/passwd"; "" is the root */
	CENSUS_TYPE, /* "file", "directory", ... */
	CENSUS_MODE, /* octal, without the type */
	CENSUS_OWNER,
	CENSUS_MTIME,	/* whole seconds, rounded down */
	CENSUS_CONTENT, /* size and XXH64 of a file, target, or device number */
	CENSUS_LINK,	/* of a file with several names: the first of them */
	CENSUS_XATTRS,	/* names, each with the XXH64 of its value */
	CENSUS_FIELDS,
};

/* "mode" and so on, for messages. */
const char *census_field_name(enum census_field field);

/*
 * Print what there is to know of `entry`. `xxh64` is that of a regular file's bytes, `first`
 * is CENSUS_LINK's, NULL if the file has one name, or if this is the first.
 */
void census_print(const struct layer_entry *entry, uint64_t xxh64,
		  const char *first, FILE *out);

#endif
