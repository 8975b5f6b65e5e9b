/* SPDX-License-Identifier: MIT */
/* layer_entry.h - one file, directory, ... of a layer, in normal form */
#ifndef GUEST_SHARED_LAYER_ENTRY_H
#define GUEST_SHARED_LAYER_ENTRY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

struct layer_xattr {
	const char *name; /* whole: "security.capability" */
	const void *value;
	size_t size; /* bytes of the value */
};

/*
 * What a layer says of one path, whatever dialect of tar it was said in.
 * Every pointer is borrowed: good until the call that was given it returns.
 *
 * xattrs are sorted by name, each name once. POSIX ACLs are among them as the
 * kernel has them, system.posix_acl_access and _default; trusted.overlay.* and
 * what belongs to the host that made the layer are not.
 */
struct layer_entry {
	const char *path; /* normal form, no symlink among its parents */
	mode_t mode;	  /* type, permissions, set-id and sticky bits */
	uid_t uid;
	gid_t gid;
	struct timespec mtime;
	dev_t rdev;	    /* of devices */
	uint64_t size;	    /* bytes of a regular file, holes included */
	const char *target; /* of a symlink: any bytes, never interpreted */
	const struct layer_xattr *xattrs;
	size_t xattr_count;
};

/*
 * A copy that owns everything, but for path and target, which are NULL, in
 * one allocation: give it to free(). NULL if there is no memory. *size becomes
 * its size in bytes.
 */
struct layer_entry *layer_entry_copy(const struct layer_entry *entry,
				     size_t *size);

#endif
