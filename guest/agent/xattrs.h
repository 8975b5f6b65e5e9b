/* SPDX-License-Identifier: MIT */
/* xattrs.h - the extended attributes of a file, read by its name */
#ifndef GUEST_AGENT_XATTRS_H
#define GUEST_AGENT_XATTRS_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"

/*
 * Usable from { 0 }. Reading again uses the same memory, which grows to what
 * the largest file needed; what was read before is then no longer valid.
 */
struct xattrs {
	struct layer_xattr *list; /* owned; sorted by name */
	size_t count;
	size_t room;
	char *names;	    /* owned; XATTR_LIST_MAX bytes */
	char *values;	    /* owned */
	size_t values_room; /* bytes */
};

/*
 * The names alone (values are NULL, sizes 0) or with their values. `file` is
 * one name in the working directory, "." for that itself; a symlink is not
 * followed. Errors do not name the file.
 */
int xattrs_list(struct xattrs *xattrs, const char *file, struct error *err);
int xattrs_read(struct xattrs *xattrs, const char *file, struct error *err);

/* Leave out those for which overlay_is_local() holds. */
void xattrs_drop_local(struct xattrs *xattrs);

void xattrs_release(struct xattrs *xattrs);

DEFINE_AUTO(xattrs, xattrs_release)

#endif
