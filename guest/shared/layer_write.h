/* SPDX-License-Identifier: MIT */
/* layer_write.h - the tar of a layer, by the rules for those that we make */
#ifndef GUEST_SHARED_LAYER_WRITE_H
#define GUEST_SHARED_LAYER_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"
#include "guest/shared/links.h"
#include "guest/shared/tar.h"

struct layer_write_options {
	bool has_clamp;
	int64_t clamp; /* seconds since 1970; later mtimes become this */
};

/*
 * Writes what it is given in the order in which it is given (order.h is the
 * caller's): owners are numbers, mtimes whole seconds, rounded down and
 * clamped; xattrs go with SCHILY.xattr, POSIX ACLs among them. Must stay where
 * it is from layer_write_start() to its release. Usable from { 0 }.
 */
struct layer_write {
	struct layer_write_options options;
	struct links links;
	struct tar tar; /* for the data of a file, by tar_data(); its sums */
};

int layer_write_start(struct layer_write *write,
		      const struct layer_write_options *options,
		      const struct tar_sink *sink, struct error *err);

/* A whiteout or an opaque marker: an empty file, 0644, 0:0, of 1970. */
int layer_write_marker(struct layer_write *write, const char *path,
		       struct error *err);

/*
 * Whether a regular file with several names has been written under another.
 * Returns 1, with *first the path that it had, valid until the release; 0 and
 * NULL if it has not, and then `path` is the first. ENOMEM.
 */
int layer_write_seen(struct layer_write *write, ino_t inode, const char *path,
		     const char **first, struct error *err);

/* The entry as a hard link to that path. */
int layer_write_link(struct layer_write *write, const struct layer_entry *entry,
		     const char *first, struct error *err);

/*
 * The header of any other entry; the root has the path "". The data of a
 * regular file must follow. xattrs for which overlay_is_local() holds are left
 * out. EINVAL for an xattr with a name that pax headers cannot carry, or with
 * more bytes than readers take. Errors do not name the entry.
 */
int layer_write_entry(struct layer_write *write,
		      const struct layer_entry *entry, struct error *err);

/* Do they describe a directory in the same way? Names are not compared, nor
 * xattrs that are left out. */
bool layer_write_same(const struct layer_entry *a, const struct layer_entry *b);

/* The end of the archive. */
int layer_write_finish(struct layer_write *write, struct error *err);

void layer_write_release(struct layer_write *write);

DEFINE_AUTO(layer_write, layer_write_release)

#endif
