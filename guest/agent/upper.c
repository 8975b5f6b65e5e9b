/* SPDX-License-Identifier: MIT */
/* upper.c - see upper.h */
#include "guest/agent/upper.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "guest/agent/content.h"
#include "guest/agent/links.h"
#include "guest/agent/walk.h"
#include "guest/shared/whiteout.h"

/* libarchive up to 3.6 reads no pax header above 1 MiB; the rest of it is for
 * what else a header says. */
#define XATTRS_MAX 1000000 /* bytes of one file, names and values */

struct writer {
	const struct upper_options *options;
	struct walk walk;
	struct xattrs xattrs;
	struct links links;
	struct content content;
	struct tar tar;
};

static void writer_release(struct writer *writer)
{
	walk_release(&writer->walk);
	xattrs_release(&writer->xattrs);
	links_release(&writer->links);
	content_release(&writer->content);
	tar_release(&writer->tar);
}

DEFINE_AUTO(writer, writer_release)

/* `name` is NULL for the directory that the walk is in. What the sink says is
 * not about any file. */
static int say(struct writer *writer, const char *name, struct error *err)
{
	if (writer->tar.sink_failed)
		return -1;
	return error_prefix(err, "'%s'", walk_say(&writer->walk, name));
}

static void set_metadata(struct writer *writer, const char *path,
			 const struct stat *st)
{
	const struct upper_options *options = writer->options;
	struct archive_entry *entry = writer->tar.entry;
	int64_t mtime = st->st_mtim.tv_sec;

	if (options->has_clamp && mtime > options->clamp)
		mtime = options->clamp;
	archive_entry_clear(entry);
	archive_entry_copy_pathname(entry, path);
	archive_entry_set_mode(entry, st->st_mode);
	archive_entry_set_uid(entry, st->st_uid);
	archive_entry_set_gid(entry, st->st_gid);
	archive_entry_set_mtime(entry, mtime, 0);
	archive_entry_set_size(entry, 0);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		archive_entry_set_rdev(entry, st->st_rdev);
}

/* libarchive writes other bytes as %XX, which readers do not undo. */
static bool has_plain_name(const struct xattr *xattr)
{
	for (const char *c = xattr->name; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '%' || *c == '=')
			return false;
	return true;
}

/* Those that were read; backwards, as libarchive turns their order round. */
static int set_xattrs(struct writer *writer, struct error *err)
{
	size_t bytes = 0;

	for (size_t i = writer->xattrs.count; i-- > 0;) {
		const struct xattr *xattr = &writer->xattrs.list[i];

		if (!has_plain_name(xattr))
			return error_set(err, EINVAL,
					 "a layer cannot hold "
					 "xattr '%s'",
					 xattr->name);
		bytes += strlen(xattr->name) + xattr->size;
		archive_entry_xattr_add_entry(writer->tar.entry, xattr->name,
					      xattr->value, xattr->size);
	}
	if (bytes > XATTRS_MAX)
		return error_set(err, EINVAL,
				 "%zu bytes of xattrs, more than "
				 "%d",
				 bytes, XATTRS_MAX);
	return 0;
}

static int read_xattrs(struct writer *writer, const char *file,
		       struct error *err)
{
	if (xattrs_read(&writer->xattrs, file, err) < 0)
		return -1;
	xattrs_drop_local(&writer->xattrs);
	return 0;
}

static bool is_marker(const struct name *name)
{
	return strncmp(name->bytes, WHITEOUT_PREFIX, strlen(WHITEOUT_PREFIX)) ==
	       0;
}

static int write_whiteout(struct writer *writer, const struct name *name,
			  struct error *err)
{
	static const struct stat st = { .st_mode = S_IFREG | 0644 };

	if (name->type != DT_REG)
		return error_set(err, EINVAL,
				 "a name that begins with .wh. "
				 "stands for a deletion, and must be an empty "
				 "file");
	set_metadata(writer, walk_path(&writer->walk, name->bytes), &st);
	return tar_header(&writer->tar, err);
}

static int write_data(struct writer *writer, const char *name,
		      const struct stat *st, struct error *err)
{
	autoclose int fd = -1;

	if (st->st_size == 0)
		return 0;
	fd = openat(writer->walk.fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "open");
	return content_write(&writer->content, &writer->tar, fd, st, err);
}

static int write_regular(struct writer *writer, const char *name,
			 const struct stat *st, struct error *err)
{
	const char *path = walk_path(&writer->walk, name);
	const char *first = NULL;
	int seen = 0;

	if (st->st_nlink > 1)
		seen = links_see(&writer->links, st->st_ino, path, &first);
	if (seen < 0)
		return error_errno(err, "remember a hard link");
	set_metadata(writer, path, st);
	if (seen) {
		archive_entry_copy_hardlink(writer->tar.entry, first);
		return tar_header(&writer->tar, err);
	}
	archive_entry_set_size(writer->tar.entry, st->st_size);
	if (read_xattrs(writer, name, err) < 0 || set_xattrs(writer, err) < 0 ||
	    tar_header(&writer->tar, err) < 0)
		return -1;
	return write_data(writer, name, st, err);
}

/* A symlink, a device or a FIFO. */
static int write_special(struct writer *writer, const char *name,
			 const struct stat *st, struct error *err)
{
	char target[PATH_MAX];
	ssize_t length;

	set_metadata(writer, walk_path(&writer->walk, name), st);
	if (S_ISLNK(st->st_mode)) {
		length = readlinkat(writer->walk.fd, name, target,
				    sizeof(target) - 1);
		if (length < 0)
			return error_errno(err, "read symlink");
		target[length] = '\0';
		archive_entry_copy_symlink(writer->tar.entry, target);
	}
	if (read_xattrs(writer, name, err) < 0 || set_xattrs(writer, err) < 0)
		return -1;
	return tar_header(&writer->tar, err);
}

/* The directory that the walk has just entered. libarchive adds the slash. */
static int write_directory(struct writer *writer, struct error *err)
{
	const struct stat *st = &walk_level(&writer->walk)->st;

	if (read_xattrs(writer, ".", err) < 0)
		return -1;
	set_metadata(writer, walk_path(&writer->walk, NULL), st);
	if (set_xattrs(writer, err) < 0)
		return -1;
	return tar_header(&writer->tar, err);
}

static bool root_changed(const struct upper_root *was, const struct stat *st,
			 const struct xattrs *xattrs)
{
	return was->st.st_mode != st->st_mode || was->st.st_uid != st->st_uid ||
	       was->st.st_gid != st->st_gid ||
	       was->st.st_mtim.tv_sec != st->st_mtim.tv_sec ||
	       was->st.st_mtim.tv_nsec != st->st_mtim.tv_nsec ||
	       !xattrs_equal(&was->xattrs, xattrs);
}

static int write_root(struct writer *writer, struct error *err)
{
	const struct stat *st = &walk_level(&writer->walk)->st;

	if (!writer->options->root)
		return 0;
	if (read_xattrs(writer, ".", err) < 0)
		return -1;
	if (!root_changed(writer->options->root, st, &writer->xattrs))
		return 0;
	set_metadata(writer, "./", st);
	if (set_xattrs(writer, err) < 0)
		return -1;
	return tar_header(&writer->tar, err);
}

/* Anything but a directory. */
static int write_name(struct writer *writer, const struct name *name,
		      struct error *err)
{
	struct stat st;

	if (is_marker(name))
		return write_whiteout(writer, name, err);
	if (name->type == DT_SOCK) {
		warn_say(&writer->options->warn,
			 "socket '%s' is left out of "
			 "the layer",
			 walk_say(&writer->walk, name->bytes));
		return 0;
	}
	if (fstatat(writer->walk.fd, name->bytes, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "stat");
	if (S_ISREG(st.st_mode))
		return write_regular(writer, name->bytes, &st, err);
	return write_special(writer, name->bytes, &st, err);
}

static int enter(struct writer *writer, const char *name, struct error *err)
{
	if (walk_enter(&writer->walk, name, err) < 0)
		return -1;
	if (write_directory(writer, err) < 0)
		return say(writer, NULL, err);
	return 0;
}

static int write_tree(struct writer *writer, struct error *err)
{
	const struct name *name;

	for (;;) {
		name = walk_next(&writer->walk);
		if (!name && writer->walk.depth == 1)
			return 0;
		if (!name && walk_leave(&writer->walk, err) < 0)
			return -1;
		if (!name)
			continue;
		if (name->type == DT_DIR && !is_marker(name)) {
			if (enter(writer, name->bytes, err) < 0)
				return -1;
		} else if (write_name(writer, name, err) < 0) {
			return say(writer, name->bytes, err);
		}
	}
}

int upper_write(int upper, const struct upper_options *options,
		const struct tar_sink *sink, struct upper_stats *stats,
		struct error *err)
{
	AUTO(writer) writer = { .options = options };

	if (walk_start(&writer.walk, upper, err) < 0 ||
	    tar_start(&writer.tar, sink, err) < 0)
		return -1;
	if (write_root(&writer, err) < 0)
		return say(&writer, NULL, err);
	if (write_tree(&writer, err) < 0 || tar_finish(&writer.tar, err) < 0)
		return -1;
	*stats = (struct upper_stats){ .entries = writer.tar.entries,
				       .bytes = writer.tar.bytes };
	return 0;
}

int upper_root_capture(struct upper_root *root, int fd, struct error *err)
{
	AUTO(xattrs) xattrs = { 0 };
	autoclose int home = -1;
	struct stat st;
	int result;

	home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (home < 0 || fstat(fd, &st) < 0 || fchdir(fd) < 0)
		return error_errno(err, "look at the upper directory");
	result = xattrs_read(&xattrs, ".", err);
	if (fchdir(home) < 0 && result == 0)
		return error_errno(err, "return to the working directory");
	if (result < 0)
		return error_prefix(err, "look at the upper directory");
	xattrs_drop_local(&xattrs);
	upper_root_release(root);
	*root = (struct upper_root){ .st = st, .xattrs = xattrs };
	xattrs = (struct xattrs){ 0 };
	return 0;
}

void upper_root_release(struct upper_root *root)
{
	xattrs_release(&root->xattrs);
	*root = (struct upper_root){ 0 };
}
