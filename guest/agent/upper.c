/* SPDX-License-Identifier: MIT */
/* upper.c - see upper.h */
#include "guest/agent/upper.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "guest/agent/content.h"
#include "guest/agent/walk.h"
#include "guest/shared/layer_write.h"
#include "guest/shared/whiteout.h"

struct writer {
	const struct upper_options *options;
	struct walk walk;
	struct xattrs xattrs;
	struct content content;
	struct layer_write layer;
};

static void writer_release(struct writer *writer)
{
	walk_release(&writer->walk);
	xattrs_release(&writer->xattrs);
	content_release(&writer->content);
	layer_write_release(&writer->layer);
}

DEFINE_AUTO(writer, writer_release)

/* `name` is NULL for the directory that the walk is in. What the sink says is
 * not about any file. */
static int say(struct writer *writer, const char *name, struct error *err)
{
	if (writer->layer.tar.sink_failed)
		return -1;
	return error_prefix(err, "'%s'", walk_say(&writer->walk, name));
}

/* Without xattrs. */
static struct layer_entry entry_of(const char *path, const struct stat *st)
{
	return (struct layer_entry){
		.path = path,
		.mode = st->st_mode,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.mtime = st->st_mtim,
		.rdev = st->st_rdev,
		.size = (uint64_t)st->st_size,
	};
}

/* `file` is the name of the entry in the directory that the walk is in. */
static int read_xattrs(struct writer *writer, const char *file,
		       struct layer_entry *entry, struct error *err)
{
	if (xattrs_read(&writer->xattrs, file, err) < 0)
		return -1;
	entry->xattrs = writer->xattrs.list;
	entry->xattr_count = writer->xattrs.count;
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
	if (name->type != DT_REG)
		return error_set(err, EINVAL,
				 "a name that begins with .wh. "
				 "stands for a deletion, and must be an empty "
				 "file");
	return layer_write_marker(&writer->layer,
				  walk_path(&writer->walk, name->bytes), err);
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
	return content_write(&writer->content, &writer->layer.tar, fd, st, err);
}

static int write_regular(struct writer *writer, const char *name,
			 const struct stat *st, struct error *err)
{
	const char *path = walk_path(&writer->walk, name);
	struct layer_entry entry = entry_of(path, st);
	const char *first = NULL;

	if (st->st_nlink > 1 &&
	    layer_write_seen(&writer->layer, st->st_ino, path, &first, err) < 0)
		return -1;
	if (first)
		return layer_write_link(&writer->layer, &entry, first, err);
	if (read_xattrs(writer, name, &entry, err) < 0 ||
	    layer_write_entry(&writer->layer, &entry, err) < 0)
		return -1;
	return write_data(writer, name, st, err);
}

/* A symlink, a device or a FIFO. */
static int write_special(struct writer *writer, const char *name,
			 const struct stat *st, struct error *err)
{
	struct layer_entry entry = entry_of(walk_path(&writer->walk, name), st);
	char target[PATH_MAX];
	ssize_t length;

	if (S_ISLNK(st->st_mode)) {
		length = readlinkat(writer->walk.fd, name, target,
				    sizeof(target) - 1);
		if (length < 0)
			return error_errno(err, "read symlink");
		target[length] = '\0';
		entry.target = target;
	}
	if (read_xattrs(writer, name, &entry, err) < 0)
		return -1;
	return layer_write_entry(&writer->layer, &entry, err);
}

/* The directory that the walk has just entered. */
static int write_directory(struct writer *writer, struct error *err)
{
	struct layer_entry entry = entry_of(walk_path(&writer->walk, NULL),
					    &walk_level(&writer->walk)->st);

	if (read_xattrs(writer, ".", &entry, err) < 0)
		return -1;
	return layer_write_entry(&writer->layer, &entry, err);
}

static int write_root(struct writer *writer, struct error *err)
{
	const struct upper_root *root = writer->options->root;
	struct layer_entry entry = entry_of("", &walk_level(&writer->walk)->st);
	struct layer_entry was;

	if (!root)
		return 0;
	was = entry_of("", &root->st);
	was.xattrs = root->xattrs.list;
	was.xattr_count = root->xattrs.count;
	if (read_xattrs(writer, ".", &entry, err) < 0)
		return -1;
	if (layer_write_same(&was, &entry))
		return 0;
	return layer_write_entry(&writer->layer, &entry, err);
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
	const struct layer_write_options how = {
		.has_clamp = options->has_clamp,
		.clamp = options->clamp,
	};
	AUTO(writer) writer = { .options = options };

	if (walk_start(&writer.walk, upper, err) < 0 ||
	    layer_write_start(&writer.layer, &how, sink, err) < 0)
		return -1;
	if (write_root(&writer, err) < 0)
		return say(&writer, NULL, err);
	if (write_tree(&writer, err) < 0 ||
	    layer_write_finish(&writer.layer, err) < 0)
		return -1;
	*stats = (struct upper_stats){ .entries = writer.layer.tar.entries,
				       .bytes = writer.layer.tar.bytes };
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
