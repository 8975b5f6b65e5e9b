/* SPDX-License-Identifier: MIT */
/* layer_dir.c - see layer_dir.h */
#include "guest/shared/layer_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "guest/shared/beneath.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/layer_lower.h"
#include "guest/shared/layer_make.h"
#include "guest/shared/path.h"

/* What directories are made with, until they are settled. */
#define UNSETTLED_MODE 0700

struct layer_dir {
	struct layer_sink sink; /* first: the operations are given this */
	struct layer_lower lower;
	int root; /* borrowed */
	struct layer_owner owner;

	/* The directory of the last path, as most have that of the one
	 * before. Not the root's. */
	int parent; /* owned, -1 if there is none */
	char parent_path[PATH_SIZE];
};

static void forget_parent(struct layer_dir *dir)
{
	if (dir->parent >= 0)
		(void)close(dir->parent);
	dir->parent = -1;
}

/* Open the directory that `path` is in; the descriptor stays ours. */
static int open_parent(struct layer_dir *dir, const char *path, int *fd,
		       struct error *err)
{
	const char *base = path_base(path);
	size_t size = base == path ? 0 : (size_t)(base - path) - 1;

	*fd = dir->root;
	if (size == 0)
		return 0;
	if (dir->parent < 0 || strncmp(dir->parent_path, path, size) != 0 ||
	    dir->parent_path[size] != '\0') {
		forget_parent(dir);
		memcpy(dir->parent_path, path, size);
		dir->parent_path[size] = '\0';
		dir->parent = beneath_open(dir->root, dir->parent_path,
					   O_PATH | O_DIRECTORY);
		if (dir->parent < 0)
			return error_errno(err, "open '%.400s'",
					   dir->parent_path);
	}
	*fd = dir->parent;
	return 0;
}

static int dir_add(struct layer_sink *sink, const struct layer_entry *entry,
		   struct layer_data *data, struct error *err)
{
	struct layer_dir *dir = (struct layer_dir *)sink;
	int parent;

	if (open_parent(dir, entry->path, &parent, err) < 0)
		return -1;
	return layer_make(parent, path_base(entry->path), entry, data,
			  &dir->owner, err);
}

static int dir_make_directory(struct layer_sink *sink, const char *path,
			      struct error *err)
{
	struct layer_dir *dir = (struct layer_dir *)sink;
	int parent;

	if (open_parent(dir, path, &parent, err) < 0)
		return -1;
	if (mkdirat(parent, path_base(path), UNSETTLED_MODE) < 0)
		return error_errno(err, "create");
	return 0;
}

static int dir_link(struct layer_sink *sink, const char *path,
		    const char *target, struct error *err)
{
	struct layer_dir *dir = (struct layer_dir *)sink;
	const char *base = path_base(target);
	autoclose int from = -1;
	int parent;

	if (open_parent(dir, path, &parent, err) < 0)
		return -1;
	from = beneath_open_parent(dir->root, target);
	if (from < 0)
		return error_errno(err, "open its directory");
	/* Without AT_SYMLINK_FOLLOW: a link to a symlink is just that. */
	if (linkat(from, base, parent, path_base(path), 0) < 0)
		return error_errno(err, "create");
	return 0;
}

static int dir_remove(struct layer_sink *sink, const char *path,
		      int is_directory, struct error *err)
{
	struct layer_dir *dir = (struct layer_dir *)sink;
	int parent;

	if (open_parent(dir, path, &parent, err) < 0)
		return -1;
	if (unlinkat(parent, path_base(path), is_directory ? AT_REMOVEDIR : 0) <
	    0)
		return error_errno(err, "unlink");
	/* The descriptor may be that of what has just gone. */
	if (is_directory)
		forget_parent(dir);
	return 0;
}

/*
 * One that hides nothing is left out: in a directory that no other layer has,
 * overlayfs lists it, and then says that there is no such file.
 */
static int dir_whiteout(struct layer_sink *sink, const char *path,
			struct error *err)
{
	struct layer_dir *dir = (struct layer_dir *)sink;
	bool needed;
	int parent;

	if (layer_lower_has(&dir->lower, path, &needed, err) < 0)
		return -1;
	if (!needed)
		return 0;
	if (open_parent(dir, path, &parent, err) < 0)
		return -1;
	if (mknodat(parent, path_base(path), S_IFCHR, makedev(0, 0)) < 0)
		return error_errno(err, "create");
	return 0;
}

static int settle(struct layer_dir *dir, int fd,
		  const struct layer_entry *entry, unsigned int flags,
		  struct error *err)
{
	/* The root was somebody else's to make. */
	bool is_root = *entry->path == '\0';

	if ((flags & LAYER_SETTLE_OPAQUE) &&
	    fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0) < 0)
		return error_errno(err, "set xattr 'trusted.overlay.opaque'");
	return layer_make_attributes(fd, entry, UNSETTLED_MODE,
				     is_root ? NULL : &dir->owner, err);
}

static int dir_settle(struct layer_sink *sink, const struct layer_entry *entry,
		      unsigned int flags, struct error *err)
{
	struct layer_dir *dir = (struct layer_dir *)sink;
	AUTO(layer_attributes) inherited = { 0 };
	autoclose int fd =
		beneath_open(dir->root, entry->path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return error_errno(err, "open");
	if (flags & LAYER_SETTLE_INHERIT) {
		if (layer_lower_read(&dir->lower, entry->path, &inherited,
				     err) < 0)
			return -1;
		if (inherited.found)
			entry = &inherited.entry;
	}
	return settle(dir, fd, entry, flags, err);
}

/* Nothing that new files would inherit from the root, and we may write. */
static int prepare_root(struct layer_dir *dir, struct error *err)
{
	struct stat st;

	if (fstat(dir->root, &st) < 0)
		return error_errno(err, "open the layer's directory");
	if ((st.st_mode & (S_ISGID | UNSETTLED_MODE)) != UNSETTLED_MODE &&
	    fchmod(dir->root, UNSETTLED_MODE) < 0)
		return error_errno(err, "write to the layer's directory");
	return 0;
}

int layer_unpack(const struct layer_source *source, int dirfd,
		 const struct layer_dir_options *options,
		 struct layer_stats *stats, struct error *err)
{
	struct layer_dir dir = {
		.sink = {
			.make_directory = dir_make_directory,
			.add = dir_add,
			.link = dir_link,
			.remove = dir_remove,
			.whiteout = dir_whiteout,
			.settle = dir_settle,
		},
		.lower = {
			.open = options->open_lower,
			.context = options->lower_context,
			.root = -1,
		},
		.root = dirfd,
		.owner = { geteuid(), getegid() },
		.parent = -1,
	};
	mode_t umask_before = umask(0);
	int status = prepare_root(&dir, err);

	if (status == 0)
		status = layer_read(source, &dir.sink, &options->read, stats,
				    err);
	(void)umask(umask_before);
	forget_parent(&dir);
	layer_lower_release(&dir.lower);
	return status;
}
