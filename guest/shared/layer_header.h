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
#include "guest/shared/layer_xattr.h"

/* Device numbers have 12 and 20 bits in Linux (linux/kdev_t.h). */
#define LAYER_MAJOR_MAX 0xfffU
#define LAYER_MINOR_MAX 0xfffffU

/* Points into the struct archive_entry that it was read from. */
struct layer_header {
	struct layer_entry entry;   /* path is left NULL */
	struct layer_xattr *xattrs; /* owned */
	void *acl[2];		    /* owned: values of the two ACL xattrs */
};

/*
 * Read the attributes of `from` into *header, with the xattrs that stay by
 * layer_xattr.h.
 *
 * Fails with EINVAL for what cannot be stored: owners and device numbers out
 * of range, an unknown type, a character device 0:0 (overlayfs' whiteout), ACLs
 * without numbers; with ENAMETOOLONG for a target that Linux does not take; as
 * layer_xattr_check() does; with ENOMEM. On failure
 * *header is to be released as well.
 */
int layer_header_read(struct layer_header *header, struct archive_entry *from,
		      struct layer_warn *warn, struct error *err);
void layer_header_release(struct layer_header *header);

DEFINE_AUTO(layer_header, layer_header_release)

#endif
