/* SPDX-License-Identifier: MIT */
/* layer_xattr.h - which xattrs a layer may bring */
#ifndef GUEST_SHARED_LAYER_XATTR_H
#define GUEST_SHARED_LAYER_XATTR_H

#include <stdbool.h>
#include <sys/types.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"
#include "guest/shared/layer_warn.h"

/* What Linux takes: XATTR_SIZE_MAX, XATTR_NAME_MAX, XATTR_LIST_MAX. */
#define LAYER_XATTR_VALUE_MAX 65536 /* bytes */
#define LAYER_XATTR_NAME_MAX  255   /* bytes */
#define LAYER_XATTR_NAMES_MAX 65536 /* bytes, all of one entry, with NULs */

/*
 * Whether an entry of this mode has this xattr. Dropped: security.selinux and
 * system.nfs4_acl, which describe the host that made the layer; and with a
 * warning trusted.overlay.*, which would speak to overlayfs, and xattrs that
 * Linux has no place for.
 */
bool layer_xattr_stays(const struct layer_xattr *xattr, mode_t mode,
		       struct layer_warn *warn);

/*
 * Fails with E2BIG beyond the limits above, and with EINVAL for capabilities
 * and ACLs of a form that the kernel would not take: squashfs would have the
 * former all the same, and then nobody could read them.
 */
int layer_xattr_check(const struct layer_xattr *xattr, struct error *err);

#endif
