/* SPDX-License-Identifier: MIT */
/* tempdir.h - a private directory that goes away again */
#ifndef IMAGES_TEMPDIR_H
#define IMAGES_TEMPDIR_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct tempdir {
	char *path; /* owned; NULL: there is none */
	int lock;   /* held while the directory is in use; with a path only */
};

/*
 * Make PARENT/PREFIX.XXXXXX with mode 0700. Directories of that prefix which
 * a killed process left behind (nobody holds their lock) are removed first.
 */
int tempdir_create(struct tempdir *dir, const char *parent, const char *prefix,
		   struct error *err);

/* The directory was renamed away and is to stay. */
void tempdir_keep(struct tempdir *dir);

/* Remove it with all that is in it. A zeroed one is a no-op. */
void tempdir_release(struct tempdir *dir);

DEFINE_AUTO(tempdir, tempdir_release)

/* Remove a directory with all that is in it; links are not followed. */
int tempdir_remove_tree(const char *path, struct error *err);

#endif
