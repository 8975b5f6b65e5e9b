/* SPDX-License-Identifier: MIT */
/* flatten.c - see flatten.h */
#include "host/layer/flatten.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <archive_entry.h>

#include "host/image/work.h"
#include "host/layer/flat_content.h"
#include "host/layer/flat_read.h"
#include "host/layer/flat_tree.h"

struct flatten {
	const struct layer_source *layers;
	const struct flatten_options *options;
	struct flat_tree tree;
	struct tar tar;
	struct error *err;
	char path[PATH_SIZE];  /* of the entry at hand */
	char other[PATH_SIZE]; /* of the file that it is a hard link to */
};

static void flatten_release(struct flatten *flatten)
{
	tar_release(&flatten->tar);
	flat_tree_release(&flatten->tree);
}

DEFINE_AUTO(flatten, flatten_release)

static void describe(struct flatten *flatten, const struct layer_entry *entry)
{
	struct archive_entry *e = archive_entry_clear(flatten->tar.entry);

	archive_entry_copy_pathname(e, *flatten->path ? flatten->path : "./");
	archive_entry_set_mode(e, entry->mode);
	archive_entry_set_uid(e, entry->uid);
	archive_entry_set_gid(e, entry->gid);
	archive_entry_set_mtime(e, entry->mtime.tv_sec, 0);
	for (size_t i = 0; i < entry->xattr_count; i++)
		archive_entry_xattr_add_entry(e, entry->xattrs[i].name,
					      entry->xattrs[i].value,
					      entry->xattrs[i].size);
}

static int put_bytes(void *context, const void *bytes, size_t size,
		     struct error *err)
{
	return tar_data(context, bytes, size, err);
}

static int go_on(const struct flatten *flatten, struct error *err)
{
	const struct flatten_options *options = flatten->options;

	if (options->advance && options->advance(options->context, 0) != 0)
		return error_set(err, ECANCELED, "cancelled");
	return 0;
}

static int check_room(const struct flatten *flatten,
		      const struct layer_entry *entry, struct error *err)
{
	uint64_t limit = flatten->options->limit ? flatten->options->limit
						 : IMAGE_LIMIT_DEFAULT;
	uint64_t size = S_ISREG(entry->mode) ? entry->size : 0;
	uint64_t used = flatten->tar.bytes;

	if (used < limit && size <= limit - used)
		return 0;
	return error_set(err, EFBIG,
			 "the tar would be larger than %" PRIu64 " bytes",
			 limit);
}

static int put_content(struct flatten *flatten, const struct flat_inode *inode,
		       struct error *err)
{
	const struct tar_sink sink = { put_bytes, &flatten->tar };

	return flat_content(inode, flatten->layers, flatten->options, &sink,
			    err);
}

static int put_link(struct flatten *flatten, const struct flat_inode *inode,
		    struct error *err)
{
	layer_node_path(inode->first, flatten->other);
	archive_entry_clear(flatten->tar.entry);
	archive_entry_copy_pathname(flatten->tar.entry, flatten->path);
	archive_entry_set_filetype(flatten->tar.entry, AE_IFREG);
	archive_entry_copy_hardlink(flatten->tar.entry, flatten->other);
	return tar_header(&flatten->tar, err);
}

/* As in layers: a symlink or device stands for itself under each name. */
static int put_inode(struct flatten *flatten, const struct layer_node *node,
		     struct flat_inode *inode, struct error *err)
{
	const struct layer_entry *entry = inode->entry;
	struct archive_entry *e = flatten->tar.entry;

	if (S_ISREG(entry->mode) && inode->first)
		return put_link(flatten, inode, err);
	if (check_room(flatten, entry, err) < 0)
		return -1;
	inode->first = node;
	describe(flatten, entry);
	if (S_ISREG(entry->mode))
		archive_entry_set_size(e, (la_int64_t)entry->size);
	if (S_ISLNK(entry->mode))
		archive_entry_copy_symlink(e, inode->target);
	if (S_ISCHR(entry->mode) || S_ISBLK(entry->mode))
		archive_entry_set_rdev(e, entry->rdev);
	if (tar_header(&flatten->tar, err) < 0)
		return -1;
	return S_ISREG(entry->mode) ? put_content(flatten, inode, err) : 0;
}

/* As deep as paths have components, at most 2,048. */
static int put_node(struct layer_node *node, void *context)
{
	struct flatten *flatten = context;
	struct flat_inode *inode = flat_node_inode(node);
	struct error *err = flatten->err;

	if (node->kind == LAYER_ABSENT || !inode)
		return 0;
	layer_node_path(node, flatten->path);
	if (go_on(flatten, err) < 0 || put_inode(flatten, node, inode, err) < 0)
		return error_prefix(err, "'%.400s'",
				    *flatten->path ? flatten->path : "./");
	return layer_node_each(node, put_node, flatten);
}

int flatten_layers(const struct layer_source *layers, size_t count,
		   const struct flatten_options *options,
		   const struct tar_sink *sink, struct error *err)
{
	AUTO(flatten) flatten = { .layers = layers, .options = options };

	flatten.err = err;
	for (size_t i = 0; i < count; i++)
		if (flat_read(&flatten.tree, &layers[i], i, options, err) < 0)
			return error_prefix(err, "layer %zu", i + 1);
	if (tar_start(&flatten.tar, sink, err) < 0)
		return -1;
	if (flatten.tree.root && put_node(flatten.tree.root, &flatten) < 0)
		return -1;
	return tar_finish(&flatten.tar, err);
}
