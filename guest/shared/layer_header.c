/* SPDX-License-Identifier: MIT */
/* layer_header.c - see layer_header.h */
#include "guest/shared/layer_header.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "guest/shared/acl.h"
#include "guest/shared/path.h"

#define NANOSECONDS 1000000000L

static int read_type(struct layer_entry *entry, struct archive_entry *from,
		     struct error *err)
{
	mode_t type = archive_entry_filetype(from);
	const char *name = archive_entry_pathname(from);
	size_t length = name ? strlen(name) : 0;

	/* As tar before POSIX wrote directories; libarchive does the same, but
	 * not where it has complained about the name's character set. */
	if (type == AE_IFREG && length > 0 && name[length - 1] == '/')
		type = AE_IFDIR;

	switch (type) {
	case AE_IFREG:
	case AE_IFDIR:
	case AE_IFLNK:
	case AE_IFCHR:
	case AE_IFBLK:
	case AE_IFIFO:
	case AE_IFSOCK:
		entry->mode = type | (archive_entry_mode(from) & 07777);
		return 0;
	}
	return error_set(err, EINVAL, "unknown file type 0%o",
			 (unsigned int)type);
}

/* (uid_t)-1 means "leave it" to chown(2) and owns nothing. */
static int read_owner(struct layer_entry *entry, struct archive_entry *from,
		      struct error *err)
{
	int64_t uid = archive_entry_uid(from);
	int64_t gid = archive_entry_gid(from);

	if (uid < 0 || uid >= UINT32_MAX)
		return error_set(err, EINVAL,
				 "user id %" PRId64 " is out of range", uid);
	if (gid < 0 || gid >= UINT32_MAX)
		return error_set(err, EINVAL,
				 "group id %" PRId64 " is out of range", gid);
	entry->uid = (uid_t)uid;
	entry->gid = (gid_t)gid;
	return 0;
}

/*
 * libarchive applies the sign of a pax time to its seconds only: "-1.5" comes
 * as -1 s and +0.5 s. Fractions come from pax alone, so that this can be told.
 */
static void read_mtime(struct layer_entry *entry, struct archive_entry *from)
{
	entry->mtime.tv_sec = archive_entry_mtime(from);
	entry->mtime.tv_nsec = archive_entry_mtime_nsec(from);
	if (entry->mtime.tv_sec < 0 && entry->mtime.tv_nsec > 0) {
		entry->mtime.tv_sec--;
		entry->mtime.tv_nsec = NANOSECONDS - entry->mtime.tv_nsec;
	}
}

static int read_device(struct layer_entry *entry, struct archive_entry *from,
		       struct error *err)
{
	uint64_t high = archive_entry_rdevmajor(from);
	uint64_t low = archive_entry_rdevminor(from);

	if (high > LAYER_MAJOR_MAX || low > LAYER_MINOR_MAX)
		return error_set(err, EINVAL,
				 "device number %" PRId64 ":%" PRId64
				 " is out of range",
				 (int64_t)high, (int64_t)low);
	if (S_ISCHR(entry->mode) && high == 0 && low == 0)
		return error_set(err, EINVAL,
				 "character device 0:0 is a whiteout to "
				 "overlayfs");
	entry->rdev = makedev((unsigned int)high, (unsigned int)low);
	return 0;
}

static int read_target(struct layer_entry *entry, struct archive_entry *from,
		       struct error *err)
{
	entry->target = archive_entry_symlink(from);
	if (!entry->target || !*entry->target)
		return error_set(err, EINVAL, "symlink to nothing");
	if (strlen(entry->target) >= PATH_SIZE)
		return error_set(err, ENAMETOOLONG,
				 "symlink to a name of more than %d bytes",
				 PATH_SIZE - 1);
	return 0;
}

static int read_by_type(struct layer_entry *entry, struct archive_entry *from,
			struct error *err)
{
	int64_t size = archive_entry_size(from);

	if (S_ISCHR(entry->mode) || S_ISBLK(entry->mode))
		return read_device(entry, from, err);
	if (S_ISLNK(entry->mode))
		return read_target(entry, from, err);
	if (!S_ISREG(entry->mode))
		return 0;
	if (size < 0)
		return error_set(err, EINVAL, "size of %" PRId64 " bytes",
				 size);
	entry->size = (uint64_t)size;
	return 0;
}

/* Room for all that libarchive has, and the two ACLs. */
static int list_xattrs(struct layer_header *header, struct archive_entry *from,
		       struct layer_warn *warn, struct error *err)
{
	size_t room = (size_t)archive_entry_xattr_reset(from) + 2;
	struct layer_xattr xattr;

	header->xattrs = calloc(room, sizeof(*header->xattrs));
	if (!header->xattrs)
		return error_errno(err, "read the xattrs");
	while (archive_entry_xattr_next(from, &xattr.name, &xattr.value,
					&xattr.size) == ARCHIVE_OK) {
		if (!layer_xattr_stays(&xattr, header->entry.mode, warn))
			continue;
		if (layer_xattr_check(&xattr, err) < 0)
			return -1;
		header->xattrs[header->entry.xattr_count++] = xattr;
	}
	return 0;
}

static bool has_xattr(const struct layer_header *header, const char *name)
{
	for (size_t i = 0; i < header->entry.xattr_count; i++)
		if (strcmp(header->xattrs[i].name, name) == 0)
			return true;
	return false;
}

/* An ACL may come as text and as the xattr itself: the latter is exact. */
static int add_acl(struct layer_header *header, struct archive_entry *from,
		   int which, struct layer_warn *warn, struct error *err)
{
	static const int types[] = { ARCHIVE_ENTRY_ACL_TYPE_ACCESS,
				     ARCHIVE_ENTRY_ACL_TYPE_DEFAULT };
	struct layer_entry *entry = &header->entry;
	unsigned int mask = (entry->mode >> 3) & 07;
	struct layer_xattr xattr;

	if (acl_encode(from, types[which], &xattr, &mask, err) < 0)
		return -1;
	if (!xattr.value)
		return 0;
	header->acl[which] = (void *)xattr.value;
	if (!layer_xattr_stays(&xattr, entry->mode, warn))
		return 0;
	if (types[which] == ARCHIVE_ENTRY_ACL_TYPE_ACCESS)
		entry->mode = (entry->mode & ~(mode_t)070) | (mask << 3);
	if (!has_xattr(header, xattr.name))
		header->xattrs[entry->xattr_count++] = xattr;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct layer_xattr *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool same_value(const struct layer_xattr *x, const struct layer_xattr *y)
{
	return x->size == y->size && memcmp(x->value, y->value, x->size) == 0;
}

/*
 * Sort, and keep one of each name: libarchive writes every xattr twice, as
 * SCHILY's and as its own, with the same value.
 */
static int sort_xattrs(struct layer_header *header, struct error *err)
{
	struct layer_entry *entry = &header->entry;
	struct layer_xattr *x = header->xattrs;
	size_t kept = 0, names = 0;

	qsort(x, entry->xattr_count, sizeof(*x), by_name);
	for (size_t i = 0; i < entry->xattr_count; i++) {
		if (kept == 0 || by_name(&x[kept - 1], &x[i]) != 0) {
			names += strlen(x[i].name) + 1;
			x[kept++] = x[i];
		} else if (!same_value(&x[kept - 1], &x[i])) {
			return error_set(err, EINVAL,
					 "two values for xattr '%s'",
					 x[i].name);
		}
	}
	entry->xattr_count = kept;
	entry->xattrs = x;
	if (names > LAYER_XATTR_NAMES_MAX)
		return error_set(err, E2BIG,
				 "names of its xattrs take %zu bytes, more "
				 "than %d",
				 names, LAYER_XATTR_NAMES_MAX);
	return 0;
}

static int read_xattrs(struct layer_header *header, struct archive_entry *from,
		       struct layer_warn *warn, struct error *err)
{
	if (archive_entry_xattr_count(from) == 0 &&
	    archive_entry_acl_types(from) == 0)
		return 0;
	if (list_xattrs(header, from, warn, err) < 0 ||
	    add_acl(header, from, 0, warn, err) < 0 ||
	    add_acl(header, from, 1, warn, err) < 0)
		return -1;
	return sort_xattrs(header, err);
}

int layer_header_read(struct layer_header *header, struct archive_entry *from,
		      struct layer_warn *warn, struct error *err)
{
	struct layer_entry *entry = &header->entry;

	*header = (struct layer_header){ 0 };
	if (read_type(entry, from, err) < 0 ||
	    read_owner(entry, from, err) < 0 ||
	    read_by_type(entry, from, err) < 0)
		return -1;
	read_mtime(entry, from);
	return read_xattrs(header, from, warn, err);
}

void layer_header_release(struct layer_header *header)
{
	free(header->xattrs);
	free(header->acl[0]);
	free(header->acl[1]);
	*header = (struct layer_header){ 0 };
}
