/* SPDX-License-Identifier: MIT */
/* output.h - a file that appears whole or not at all */
#ifndef HOST_RUN_OUTPUT_H
#define HOST_RUN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * What is written goes to a file without a name in the directory of the
 * target, which gets the name only in output_commit(). A target that is a
 * symlink to a file is replaced itself; what it leads to stays as it is. Where the target is
 * standard output ("-"), a device, a pipe or a socket, it goes to a file in a
 * directory of the caller's, and is copied at the end.
 */
struct output {
	char *path; /* owned; as the user wrote it; NULL: kept nowhere */
	int fd;	    /* owned; read and write; -1 if there is none */
	int dir;    /* owned; directory of the target, -1 for a stream */
	char *base; /* owned; its name in there */
	char *temp; /* owned; name in `dir` until then, NULL if it has none */
	bool stream;
};

#define OUTPUT_NONE                                                            \
	{                                                                      \
		.fd = -1, .dir = -1                                            \
	}

/*
 * Say early what would fail late: EISDIR, ENOENT for the directory, EACCES,
 * EROFS, and "-" on a terminal. Touches nothing.
 */
int output_check(const char *path, struct error *err);

/*
 * Open the file that is written to. `path` NULL: one that is never kept.
 * `spare` is a directory for what is not written beside its target.
 */
int output_open(struct output *output, const char *path, int spare,
		struct error *err);

/*
 * Give the file its name, with its content and its directory on the disk, and
 * the old file of that name gone in the same moment; or copy it to the stream.
 */
int output_commit(struct output *output, struct error *err);

/* A small file in one go: of that content, or as it was. */
int output_put(const char *path, const void *bytes, size_t size,
	       struct error *err);

/* Without a commit before it, nothing is left. */
void output_release(struct output *output);

DEFINE_AUTO(output, output_release)

#endif
