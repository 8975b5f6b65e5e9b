/* SPDX-License-Identifier: MIT */
/* upper.h - an upper directory in OCI form as the tar of a layer */
#ifndef GUEST_AGENT_UPPER_H
#define GUEST_AGENT_UPPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "guest/agent/warn.h"
#include "guest/agent/xattrs.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/tar.h"

/* What is known of the root directory itself; usable from { 0 }. */
struct upper_root {
	struct stat st;
	struct xattrs xattrs;
};

/*
 * Remember the root directory `fd` (O_PATH is fine) as it is now: mode,
 * owner, mtime, xattrs. Not to be called while a walk is under way, as it
 * changes the working directory for a moment.
 */
int upper_root_capture(struct upper_root *root, int fd, struct error *err);

void upper_root_release(struct upper_root *root);

DEFINE_AUTO(upper_root, upper_root_release)

struct upper_options {
	bool has_clamp;
	int64_t clamp; /* seconds since 1970; later mtimes become this */
	/* As it was before the hooks: a difference now makes an entry "./".
	 * NULL: there is none whatever the root has become. */
	const struct upper_root *root;
	struct warn warn;
};

struct upper_stats {
	uint64_t entries;
	uint64_t bytes; /* of the tar */
};

/*
 * Write the directory `upper`, as upper_convert() left it or a hook has
 * changed it since, as one layer (semantics W1 to W13):
 *
 *  - names are "etc/passwd", "etc/" for directories; each directory is
 *    followed at once by what is in it, in the order of order.h;
 *  - whiteouts are empty files, 0644, 0:0, of 1970, whatever the file says;
 *  - owners are numbers, mtimes whole seconds, rounded down and clamped;
 *  - xattrs go with SCHILY.xattr, POSIX ACLs among them; those that
 *    overlay_is_local() names are left out;
 *  - of the names of one regular file the first is the file, the others are
 *    hard links to it; symlinks, devices and FIFOs stand for themselves under
 *    each of their names, as a link to them is what consumers disagree on;
 *  - sparse files are written in full; sockets are left out with a warning.
 *
 * The same tree gives the same bytes. Nothing else may use the tree or change
 * the working directory meanwhile. *stats is written on success. Fails with
 * EINVAL for what a layer cannot hold (a ".wh." name that is no regular file,
 * an xattr with a name that pax headers cannot carry, or with more bytes than
 * readers take), with EIO if a file changes while it is read, with EXDEV if
 * something is mounted in the tree, and with what the sink and system calls
 * say.
 */
int upper_write(int upper, const struct upper_options *options,
		const struct tar_sink *sink, struct upper_stats *stats,
		struct error *err);

#endif
