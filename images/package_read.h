/* SPDX-License-Identifier: MIT */
/* package_read.h - the entries of a kernel package, one by one */
#ifndef IMAGES_PACKAGE_READ_H
#define IMAGES_PACKAGE_READ_H

#include <stdbool.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/error.h"

#define PACKAGE_BLOCK 65536 /* bytes that a reader takes at once */

/* Whose entries, and what is done with each. */
struct package_walk {
	const char *package; /* path */
	const char *member;  /* of a .deb: "data.tar", "control.tar" */
	/* 0 goes on; -1 with *err ends the walk. */
	int (*take)(void *context, struct archive *a,
		    struct archive_entry *entry, struct error *err);
	void *context;
};

/* true if the file begins so. */
bool package_is_deb(const char *path);
bool package_is_rpm(const char *path);

/*
 * Call `take` for each entry of the .deb's member or of the .rpm, whose names
 * have been found to be safe. EINVAL for what is no package, a bad name, or
 * more than PACKAGE_ENTRIES_MAX entries.
 */
int package_walk(const struct package_walk *walk, struct error *err);

/* EINVAL, and what libarchive says. */
int package_failed(struct archive *a, struct error *err);

#endif
