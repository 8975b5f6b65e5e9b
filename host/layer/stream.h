/* SPDX-License-Identifier: MIT */
/* stream.h - the entries of a tar from a file or a pipe, compressed or not */
#ifndef HOST_LAYER_STREAM_H
#define HOST_LAYER_STREAM_H

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct stream {
	struct archive *archive; /* owned */
	int fd;			 /* borrowed */
	int read_errno;		 /* why read(2) failed, 0 if it did not */
	char *buffer;		 /* owned */
};

/*
 * Open any tar, as it is or compressed with gzip, zstd, xz or bzip2; `fd` is
 * read from where it stands. EINVAL for what is no tar, and what read(2) says.
 * The stream must not move after this; it is to be released on failure too.
 */
int stream_open(struct stream *stream, int fd, struct error *err);

/*
 * 1 and the next entry, which is libarchive's, until the next call; 0 at the
 * end; -1 as above, and for a tar that ends in the middle. An entry always has
 * a name, in the bytes of the tar.
 */
int stream_next(struct stream *stream, struct archive_entry **entry,
		struct error *err);

void stream_release(struct stream *stream);

DEFINE_AUTO(stream, stream_release)

#endif
