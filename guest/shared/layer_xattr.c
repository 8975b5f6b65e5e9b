/* SPDX-License-Identifier: MIT */
/* layer_xattr.c - see layer_xattr.h */
#include "guest/shared/layer_xattr.h"

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <linux/capability.h>
#include <linux/posix_acl_xattr.h>

#include "guest/shared/acl.h"

static bool starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_host_xattr(const char *name)
{
	return strcmp(name, "security.selinux") == 0 ||
	       strcmp(name, "system.nfs4_acl") == 0;
}

/* Why a layer must not bring this xattr, NULL if it may. */
static const char *why_not(const char *name, mode_t mode)
{
	if (starts_with(name, "trusted.overlay."))
		return "it would speak to overlayfs";
	if (starts_with(name, "user.") && !S_ISREG(mode) && !S_ISDIR(mode))
		return "only files and directories have user xattrs";
	if (strcmp(name, ACL_ACCESS_XATTR) == 0)
		return S_ISLNK(mode) ? "symlinks have no ACLs" : NULL;
	if (strcmp(name, ACL_DEFAULT_XATTR) == 0)
		return S_ISDIR(mode) ? NULL
				     : "only directories have default ACLs";
	if (starts_with(name, "user.") || starts_with(name, "trusted.") ||
	    starts_with(name, "security."))
		return NULL;
	return "Linux has no place for it";
}

bool layer_xattr_stays(const struct layer_xattr *xattr, mode_t mode,
		       struct layer_warn *warn)
{
	const char *why = why_not(xattr->name, mode);

	if (is_host_xattr(xattr->name))
		return false;
	if (why)
		layer_warn(warn, "xattr '%.255s' dropped: %s", xattr->name,
			   why);
	return !why;
}

/* As the kernel's cap_convert_nscap(): one of the first revision it reads, but
 * does not take. */
static bool is_capability(const struct layer_xattr *xattr)
{
	uint32_t magic;

	if (xattr->size < sizeof(magic))
		return false;
	memcpy(&magic, xattr->value, sizeof(magic));
	magic = le32toh(magic) & ~(uint32_t)VFS_CAP_FLAGS_EFFECTIVE;
	return (magic == VFS_CAP_REVISION_2 &&
		xattr->size == XATTR_CAPS_SZ_2) ||
	       (magic == VFS_CAP_REVISION_3 && xattr->size == XATTR_CAPS_SZ_3);
}

/* Of linux/posix_acl_xattr.h: a header with the version, and entries of 8. */
static bool is_acl(const struct layer_xattr *xattr)
{
	uint32_t version;

	if (xattr->size < sizeof(version))
		return false;
	memcpy(&version, xattr->value, sizeof(version));
	return le32toh(version) == POSIX_ACL_XATTR_VERSION &&
	       (xattr->size - sizeof(version)) % 8 == 0;
}

static bool has_its_form(const struct layer_xattr *xattr)
{
	if (strcmp(xattr->name, "security.capability") == 0)
		return is_capability(xattr);
	if (strcmp(xattr->name, ACL_ACCESS_XATTR) == 0 ||
	    strcmp(xattr->name, ACL_DEFAULT_XATTR) == 0)
		return is_acl(xattr);
	return true;
}

int layer_xattr_check(const struct layer_xattr *xattr, struct error *err)
{
	size_t length = strlen(xattr->name);

	if (length > LAYER_XATTR_NAME_MAX)
		return error_set(err, E2BIG,
				 "xattr with a name of %zu bytes, more than %d",
				 length, LAYER_XATTR_NAME_MAX);
	if (xattr->size > LAYER_XATTR_VALUE_MAX)
		return error_set(err, E2BIG,
				 "xattr '%s' of %zu bytes, more than %d",
				 xattr->name, xattr->size,
				 LAYER_XATTR_VALUE_MAX);
	if (!has_its_form(xattr))
		return error_set(
			err, EINVAL,
			"xattr '%s' has a value that Linux does not take",
			xattr->name);
	return 0;
}
