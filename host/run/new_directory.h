/* SPDX-License-Identifier: MIT */
/* new_directory.h - a directory of results, which appears whole or not at all */
#ifndef HOST_RUN_NEW_DIRECTORY_H
#define HOST_RUN_NEW_DIRECTORY_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/tempdir.h"

struct new_directory {
	struct tempdir temp; /* beside its place; goes away if not published */
	int fd;		     /* owned; open for reading */
};

#define NEW_DIRECTORY_NONE                                                     \
	{                                                                      \
		.fd = -1                                                       \
	}

/*
 * Said early: `path`, which may be NULL, is not there or an empty directory
 * (EEXIST, ENOTEMPTY), and its parent can be written to (access(2)).
 */
int new_directory_check(const char *path, struct error *err);

/* Make it under another name, 0700. */
int new_directory_begin(struct new_directory *made, const char *path,
			struct error *err);

/* Give it its name, in the place of an empty one, if there is one. */
int new_directory_publish(struct new_directory *made, const char *path,
			  struct error *err);

void new_directory_release(struct new_directory *made);

DEFINE_AUTO(new_directory, new_directory_release)

#endif
