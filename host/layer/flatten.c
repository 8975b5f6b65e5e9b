/* SPDX-License-Identifier: MIT */
/* flatten.c - see flatten.h */
#include "host/layer/flatten.h"

#include <errno.h>
#include <string.h>

#include <archive_entry.h>

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

static int put_zeros(struct flatten *flatten, uint64_t size, struct error *err)
{
	static const char zeros[65536];

	while (size > 0) {
		size_t part =
			size < sizeof(zeros) ? (size_t)size : sizeof(zeros);

		if (tar_data(&flatten->tar, zeros, part, err) < 0)
			return -1;
		size -= part;
	}
	return 0;
}

static int go_on(const struct flatten *flatten, size_t size, struct error *err)
{
	const struct flatten_options *options = flatten->options;

	if (options->advance && options->advance(options->context, size) != 0)
		return error_set(err, ECANCELED, "cancelled");
	return 0;
}

/* The blocks are those that were checked when the layer was read. */
static int put_blocks(struct flatten *flatten, struct layer_slice *slice,
		      uint64_t size, struct error *err)
{
	uint64_t position = 0;
	const void *bytes;
	la_int64_t at;
	size_t count;
	int status;

	while ((status = archive_read_data_block(slice->archive, &bytes, &count,
						 &at)) == ARCHIVE_OK) {
		if (at < 0 || (uint64_t)at < position || (uint64_t)at > size ||
		    count > size - (uint64_t)at)
			return error_set(err, EBADMSG,
					 "the layer changed while it was read");
		if (put_zeros(flatten, (uint64_t)at - position, err) < 0 ||
		    tar_data(&flatten->tar, bytes, count, err) < 0 ||
		    go_on(flatten, count, err) < 0)
			return -1;
		position = (uint64_t)at + count;
	}
	if (status != ARCHIVE_EOF)
		return layer_slice_error(slice, err);
	return put_zeros(flatten, size - position, err);
}

static int put_content(struct flatten *flatten, const struct flat_inode *inode,
		       struct error *err)
{
	const struct layer_source *layer = &flatten->layers[inode->layer];
	const struct layer_source source = {
		.fd = layer->fd,
		.offset = layer->offset + inode->position,
		.size = inode->span,
	};
	AUTO(layer_slice) slice = { 0 };
	struct archive_entry *entry;
	int status;

	if (inode->entry->size == 0)
		return 0;
	if (layer_slice_open(&slice, &source, err) < 0)
		return -1;
	status = archive_read_next_header(slice.archive, &entry);
	if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
		return layer_slice_error(&slice, err);
	return put_blocks(flatten, &slice, inode->entry->size, err);
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
	if (go_on(flatten, 0, err) < 0 ||
	    put_inode(flatten, node, inode, err) < 0)
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
