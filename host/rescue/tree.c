/* SPDX-License-Identifier: MIT */
/* tree.c - see tree.h */
#include "host/rescue/tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "guest/shared/layer_write.h"
#include "guest/shared/order.h"
#include "guest/shared/path.h"
#include "guest/shared/scratch_marks.h"
#include "host/layer/check.h"
#include "host/rescue/attributes.h"
#include "host/rescue/content.h"
#include "host/rescue/directory.h"

#define DISK_PATH (TREE_PLACE_MAX + PATH_SIZE + 2) /* bytes */

struct tree {
	const struct appliance *appliance;
	const char *place; /* of the layer on the disk */
	bool names_only;
	struct marking marking;
	struct layer_write write;
	uint64_t content;	 /* bytes of all files so far */
	char path[PATH_SIZE];	 /* in the layer, where we are */
	char on_disk[DISK_PATH]; /* the same there */
};

static void tree_release(struct tree *tree)
{
	layer_write_release(&tree->write);
}

DEFINE_AUTO(tree, tree_release)

/* What the sink says is not about any file. */
static int say(const struct tree *tree, struct error *err)
{
	if (tree->write.tar.sink_failed)
		return -1;
	return error_prefix(err, "'%s'", *tree->path ? tree->path : ".");
}

static void find_on_disk(struct tree *tree)
{
	(void)snprintf(tree->on_disk, sizeof(tree->on_disk), "%s%s%s",
		       tree->place, *tree->path ? "/" : "", tree->path);
}

/* Go to a name in the directory; the length of the path before is returned, to
 * go back to. */
static int enter(struct tree *tree, const char *name, size_t *back,
		 struct error *err)
{
	size_t length = strlen(tree->path);

	if (length + strlen(name) + 2 > sizeof(tree->path))
		return error_set(err, ENAMETOOLONG,
				 "'%s': paths below are longer than %d bytes",
				 tree->path, PATH_SIZE - 1);
	(void)snprintf(tree->path + length, sizeof(tree->path) - length, "%s%s",
		       length ? "/" : "", name);
	find_on_disk(tree);
	*back = length;
	return 0;
}

static void leave(struct tree *tree, size_t back)
{
	tree->path[back] = '\0';
	find_on_disk(tree);
}

static int compare(const void *a, const void *b)
{
	return order_compare(((const struct directory_name *)a)->bytes,
			     ((const struct directory_name *)b)->bytes);
}

static int count(struct tree *tree, const struct layer_entry *entry,
		 struct error *err)
{
	if (tree->write.tar.entries >= LAYER_CHECK_ENTRIES_MAX)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " entries in a layer",
				 LAYER_CHECK_ENTRIES_MAX);
	if (!S_ISREG(entry->mode))
		return 0;
	if (entry->size > LAYER_CONTENT_MAX - tree->content)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " bytes in a layer",
				 LAYER_CONTENT_MAX);
	tree->content += entry->size;
	return 0;
}

static int take_data(void *context, const void *bytes, size_t size,
		     struct error *err)
{
	struct tree *tree = context;

	return tar_data(&tree->write.tar, bytes, size, err);
}

/* Anything that is no directory, with its xattrs. */
static int write_entry(struct tree *tree, struct layer_entry *entry,
		       struct error *err)
{
	const struct appliance *appliance = tree->appliance;
	AUTO(attributes) attributes = { 0 };
	autofree char *target = NULL;

	if (S_ISLNK(entry->mode)) {
		target = appliance->library.readlink(appliance->g,
						     tree->on_disk);
		if (!target)
			return appliance_error(appliance, err, "read symlink");
		entry->target = target;
	}
	if (attributes_read(&attributes, appliance, tree->on_disk, err) < 0)
		return -1;
	attributes_lend(&attributes, entry);
	return layer_write_entry(&tree->write, entry, err);
}

static int write_file(struct tree *tree, const struct directory_file *file,
		      struct error *err)
{
	struct layer_entry entry = file->entry;
	const char *first = NULL;

	entry.path = tree->path;
	if (tree->names_only)
		entry.size = 0;
	if (S_ISREG(entry.mode) && file->links > 1 &&
	    layer_write_seen(&tree->write, file->inode, tree->path, &first,
			     err) < 0)
		return -1;
	if (first)
		return layer_write_link(&tree->write, &entry, first, err);
	if (count(tree, &entry, err) < 0 || write_entry(tree, &entry, err) < 0)
		return -1;
	if (!S_ISREG(entry.mode) || tree->names_only)
		return 0;
	return content_read(tree->appliance, tree->on_disk, file, take_data,
			    tree, err);
}

static void warn_of_socket(const struct tree *tree)
{
	const struct rescue *rescue = tree->appliance->rescue;
	struct error line = { 0 };

	(void)error_set(&line, 0, "socket '%s' is left out of the layer",
			tree->path);
	rescue->warn(rescue->context, line.msg);
}

static int write_directory(struct tree *tree, const struct directory_file *file,
			   bool hidden, struct error *err);

/* Anything but a directory. */
static int write_other(struct tree *tree, const struct directory_name *name,
		       struct error *err)
{
	int status = 0;

	if (name->is_marker)
		status = layer_write_marker(&tree->write, tree->path, err);
	else if (S_ISSOCK(name->file.entry.mode))
		warn_of_socket(tree);
	else
		status = write_file(tree, &name->file, err);
	return status < 0 ? say(tree, err) : 0;
}

static int write_name(struct tree *tree, const struct directory_name *name,
		      bool hidden, struct error *err)
{
	size_t back = 0;
	int status;

	if (name->is_nothing)
		return 0;
	if (enter(tree, name->bytes, &back, err) < 0)
		return -1;
	if (S_ISDIR(name->file.entry.mode) && !name->is_marker)
		status = write_directory(tree, &name->file, hidden, err);
	else
		status = write_other(tree, name, err);
	leave(tree, back);
	return status;
}

/* Whether the root has changed; without a mark nothing is known of it. */
static int root_changed(struct tree *tree, const struct layer_entry *root,
			struct error *err)
{
	AUTO(attributes) attributes = { 0 };
	struct directory_file was;

	if (directory_look(&was, tree->appliance, "/" SCRATCH_MARK_ROOT, err) <
	    0)
		return err->code == ENOENT ? 0 : -1;
	if (attributes_read(&attributes, tree->appliance, "/" SCRATCH_MARK_ROOT,
			    err) < 0)
		return -1;
	attributes_lend(&attributes, &was.entry);
	return !layer_write_same(&was.entry, root);
}

/* The entry of the directory itself. */
static int write_itself(struct tree *tree, const struct directory_file *file,
			struct marking_place *place, struct error *err)
{
	AUTO(attributes) attributes = { 0 };
	struct layer_entry entry = file->entry;
	int wanted = 1;

	entry.path = tree->path;
	if (attributes_read(&attributes, tree->appliance, tree->on_disk, err) <
	    0)
		return say(tree, err);
	if (marking_enter(&tree->marking, place, &attributes, err) < 0)
		return -1;
	attributes_lend(&attributes, &entry);
	if (!*tree->path)
		wanted = root_changed(tree, &entry, err);
	if (wanted <= 0)
		return wanted;
	if (count(tree, &entry, err) < 0 ||
	    layer_write_entry(&tree->write, &entry, err) < 0)
		return say(tree, err);
	return 0;
}

/* As deep as a path goes, which is half of PATH_SIZE at most. */
static int write_directory(struct tree *tree, const struct directory_file *file,
			   bool hidden, struct error *err)
{
	struct marking_place place = { .path = tree->path,
				       .on_disk = tree->on_disk,
				       .hidden = hidden };
	AUTO(directory) directory = { 0 };

	if (write_itself(tree, file, &place, err) < 0)
		return -1;
	if (directory_read(&directory, tree->appliance, tree->on_disk, err) < 0)
		return say(tree, err);
	if (marking_apply(&tree->marking, &place, &directory, err) < 0)
		return -1;
	if (directory.count > 1)
		qsort(directory.names, directory.count,
		      sizeof(*directory.names), compare);
	for (size_t i = 0; i < directory.count; i++)
		if (write_name(tree, &directory.names[i],
			       hidden || place.opaque, err) < 0)
			return -1;
	return 0;
}

static int put(void *context, const void *bytes, size_t size, struct error *err)
{
	if (io_write(*(int *)context, bytes, size) < 0)
		return error_errno(err, "write the layer");
	return 0;
}

int tree_write(const struct marking *marking, const char *place, int fd,
	       const struct layer_write_options *options, bool names_only,
	       struct error *err)
{
	const struct tar_sink sink = { put, &fd };
	AUTO(tree)
	tree = { .appliance = marking->appliance,
		 .place = place,
		 .names_only = names_only,
		 .marking = *marking };
	struct directory_file root;

	find_on_disk(&tree);
	if (directory_look(&root, tree.appliance, place, err) < 0)
		return error_prefix(err, "'%s'", place + 1);
	if (!S_ISDIR(root.entry.mode))
		return error_set(err, ENOTDIR, "'%s' is no directory",
				 place + 1);
	if (layer_write_start(&tree.write, options, &sink, err) < 0 ||
	    write_directory(&tree, &root, false, err) < 0)
		return -1;
	return layer_write_finish(&tree.write, err);
}
