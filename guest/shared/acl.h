/* SPDX-License-Identifier: MIT */
/* acl.h - POSIX ACLs as the kernel keeps them in xattrs */
#ifndef GUEST_SHARED_ACL_H
#define GUEST_SHARED_ACL_H

#include <stdint.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"

#define ACL_ACCESS_XATTR  "system.posix_acl_access"
#define ACL_DEFAULT_XATTR "system.posix_acl_default"

/*
 * Encode one ACL of a tar entry in the form of linux/posix_acl_xattr.h,
 * entries in the kernel's order and by id. `type` is
 * ARCHIVE_ENTRY_ACL_TYPE_ACCESS or _DEFAULT.
 *
 * *xattr gets its name and its value, which the caller gives to free(); value
 * NULL if there is no ACL of that type or one that says no more than the mode.
 * *mask becomes the permissions that the group bits of the mode show.
 *
 * Fails with EINVAL if a user or group is named without its number: names mean
 * nothing in a layer. ENOMEM.
 */
int acl_encode(struct archive_entry *from, int type, struct layer_xattr *xattr,
	       unsigned int *mask, struct error *err);

#endif
