/* SPDX-License-Identifier: MIT */
/* layer_make.c - see layer_make.h */
#include "guest/shared/layer_make.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "guest/shared/path.h"

static bool owns(const struct layer_owner *owner,
		 const struct layer_entry *entry)
{
	return owner && entry->uid == owner->uid && entry->gid == owner->gid;
}

static void set_times(struct timespec times[2], const struct layer_entry *entry)
{
	times[0] = (struct timespec){ .tv_nsec = UTIME_OMIT };
	times[1] = entry->mtime;
}

static int set_xattrs(int fd, const struct layer_entry *entry,
		      struct error *err)
{
	for (size_t i = 0; i < entry->xattr_count; i++) {
		const struct layer_xattr *x = &entry->xattrs[i];

		if (fsetxattr(fd, x->name, x->value, x->size, 0) < 0)
			return error_errno(err, "set xattr '%s'", x->name);
	}
	return 0;
}

/* chown(2) takes set-id bits and capabilities away, hence the order; an ACL
 * has a say in the mode. */
static int set_attributes(int fd, const struct layer_entry *entry,
			  bool set_owner, bool set_mode, struct error *err)
{
	struct timespec times[2];

	if (set_owner && fchown(fd, entry->uid, entry->gid) < 0)
		return error_errno(err, "set owner %u:%u", entry->uid,
				   entry->gid);
	if (set_mode && fchmod(fd, entry->mode & 07777) < 0)
		return error_errno(err, "set mode 0%o",
				   (unsigned int)entry->mode & 07777);
	if (set_xattrs(fd, entry, err) < 0)
		return -1;
	set_times(times, entry);
	if (futimens(fd, times) < 0)
		return error_errno(err, "set time");
	return 0;
}

/* A hole may be of any size, and lead beyond what the file system has. */
static int place_error(const char *what, uint64_t size, struct error *err)
{
	if (errno != EINVAL && errno != EFBIG)
		return error_errno(err, "%s", what);
	return error_set(err, EFBIG,
			 "its %" PRIu64
			 " bytes are more than the file system takes",
			 size);
}

/* Blocks ascend; what is between them, and behind the last, is a hole. */
static int write_data(int fd, uint64_t size, struct layer_data *data,
		      struct error *err)
{
	struct layer_block block;
	uint64_t position = 0;
	int more;

	while ((more = data->next(data, &block, err)) > 0) {
		if (block.offset != position &&
		    lseek(fd, (off_t)block.offset, SEEK_SET) < 0)
			return place_error("seek", size, err);
		if (io_write(fd, block.bytes, block.size) < 0)
			return error_errno(err, "write");
		position = block.offset + block.size;
	}
	if (more < 0)
		return error_prefix(err, "read its data");
	if (position < size && ftruncate(fd, (off_t)size) < 0)
		return place_error("set size", size, err);
	return 0;
}

static int make_file(int parent, const char *base,
		     const struct layer_entry *entry, struct layer_data *data,
		     const struct layer_owner *owner, struct error *err)
{
	bool chown = !owns(owner, entry);
	bool chmod = (entry->mode & 07000) != 0;
	autoclose int fd =
		openat(parent, base,
		       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		       entry->mode & 0777);

	if (fd < 0)
		return error_errno(err, "create");
	if (write_data(fd, entry->size, data, err) < 0)
		return -1;
	return set_attributes(fd, entry, chown, chmod, err);
}

/*
 * Neither a device nor a symlink can be opened for this, so the path through
 * /proc leads to their directory, and the last step follows nothing.
 */
static int set_node_xattrs(int parent, const char *base,
			   const struct layer_entry *entry, struct error *err)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(parent) +
		  PATH_COMPONENT_MAX + 1];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", parent, base);
	for (size_t i = 0; i < entry->xattr_count; i++) {
		const struct layer_xattr *x = &entry->xattrs[i];

		if (lsetxattr(path, x->name, x->value, x->size, 0) < 0)
			return error_errno(err, "set xattr '%s'", x->name);
	}
	return 0;
}

static int make_node(int parent, const char *base,
		     const struct layer_entry *entry,
		     const struct layer_owner *owner, struct error *err)
{
	struct timespec times[2];

	if (S_ISLNK(entry->mode)) {
		if (symlinkat(entry->target, parent, base) < 0)
			return error_errno(err, "create");
	} else if (mknodat(parent, base, entry->mode, entry->rdev) < 0) {
		return error_errno(err, "create");
	}
	if (!owns(owner, entry) &&
	    fchownat(parent, base, entry->uid, entry->gid,
		     AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "set owner %u:%u", entry->uid,
				   entry->gid);
	/* What chown(2) took; not a symlink, as we have just made it. */
	if ((entry->mode & 07000) != 0 && !S_ISLNK(entry->mode) &&
	    fchmodat(parent, base, entry->mode & 07777, 0) < 0)
		return error_errno(err, "set mode 0%o",
				   (unsigned int)entry->mode & 07777);
	if (set_node_xattrs(parent, base, entry, err) < 0)
		return -1;
	set_times(times, entry);
	if (utimensat(parent, base, times, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "set time");
	return 0;
}

int layer_make(int parent, const char *base, const struct layer_entry *entry,
	       struct layer_data *data, const struct layer_owner *owner,
	       struct error *err)
{
	if (S_ISREG(entry->mode))
		return make_file(parent, base, entry, data, owner, err);
	return make_node(parent, base, entry, owner, err);
}

int layer_make_attributes(int fd, const struct layer_entry *entry,
			  mode_t made_mode, const struct layer_owner *made_by,
			  struct error *err)
{
	bool set_mode = !made_by || (entry->mode & 07777) != made_mode;

	return set_attributes(fd, entry, !owns(made_by, entry), set_mode, err);
}
