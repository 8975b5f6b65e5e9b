/* SPDX-License-Identifier: MIT */
/* bundle.h - files of this host as a tar, for the guest to read */
#ifndef HOST_LAYER_BUNDLE_H
#define HOST_LAYER_BUNDLE_H

#include "guest/shared/error.h"
#include "guest/shared/tar.h"

/*
 * Write what is at `path` to the sink: of a directory all that is below it, as
 * the root of the tar; a file as BUNDLE_FILE. In bytewise order, owned by
 * root, with modes, times and symlinks as they are, without xattrs; each hard
 * link is a file of its own. Symlinks of `path` itself are followed, others
 * are not, and file systems mounted below it are gone into. The same files
 * give the same bytes.
 *
 * EINVAL, with its name, for a socket; EBUSY for a file that shrinks while it
 * is read; ECANCELED if `advance`, which may be NULL and is called for each
 * piece, returns other than 0; what the sink and the system calls say.
 */
#define BUNDLE_FILE "file"

int bundle_write(const char *path, const struct tar_sink *sink,
		 int (*advance)(void *context, uint64_t bytes), void *context,
		 struct error *err);

#endif
