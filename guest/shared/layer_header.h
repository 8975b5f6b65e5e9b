/* SPDX-License-Identifier: MIT */
/* layer_header.h - what libarchive read of a header, in normal form */
#ifndef GUEST_SHARED_LAYER_READ_HEADER_H
#define GUEST_SHARED_LAYER_READ_HEADER_H

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"
#include "guest/shared/layer_warn.h"

/* What Linux takes: XATTR_SIZE_MAX, XATTR_NAME_MAX, XATTR_LIST_MAX. */
#define LAYER_XATTR_VALUE_MAX 65536 /* bytes */
#define LAYER_XATTR_NAME_MAX  255   /* bytes */
#define LAYER_XATTR_NAMES_MAX 65536 /* bytes, all of one entry, with NULs */

/* Points into the struct archive_entry that it was read from. */
struct layer_header {
	struct layer_entry entry;   /* path is left NULL */
	struct layer_xattr *xattrs; /* owned */
	void *acl[2];		    /* owned: values of the two ACL xattrs */
};

/*
 * Read the attributes of `from` into *header. Dropped: security.selinux and
 * system.nfs4_acl, which describe the host that made the layer; and with a
 * warning trusted.overlay.*, which would speak to overlayfs, and xattrs that
 * Linux has no place for.
 *
 * Fails with EINVAL for what cannot be stored: owners and device numbers out
 * of range, an unknown type, a character device 0:0 (overlayfs' whiteout), ACLs
 * without numbers; with E2BIG beyond the limits above; with ENOMEM. On failure
 * *header is to be released as well.
 */
int layer_header_read(struct layer_header *header, struct archive_entry *from,
		      struct layer_warn *warn, struct error *err);
void layer_header_release(struct layer_header *header);

DEFINE_AUTO(layer_header, layer_header_release)

#endif
