/* SPDX-License-Identifier: MIT */
/* export.c - see rescue.h: the upper directory as the tar of a layer */
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
#include "host/rescue/marking.h"
#include "host/rescue/rescue.h"
#include "host/rescue/worker.h"

/* A layer on the disk: the upper directory, or what was one. */
#define PLACE_MAX 64			      /* bytes, "/image/N/layer" */
#define DISK_PATH (PLACE_MAX + PATH_SIZE + 2) /* bytes */
#define UPPER	  "/layer"

struct export
{
	const struct appliance *appliance;
	const char *place; /* of the layer on the disk */
	struct marking marking;
	struct layer_write write;
	uint64_t content;	 /* bytes of all files so far */
	char path[PATH_SIZE];	 /* in the layer, where we are */
	char on_disk[DISK_PATH]; /* the same there */
};

static void export_release(struct export *export)
{
	layer_write_release(&export->write);
}

DEFINE_AUTO(export, export_release)

/* What the sink says is not about any file. */
static int say(const struct export *export, struct error *err)
{
	if (export->write.tar.sink_failed)
		return -1;
	return error_prefix(err, "'%s'", *export->path ? export->path : ".");
}

static void find_on_disk(struct export *export)
{
	(void)snprintf(export->on_disk, sizeof(export->on_disk), "%s%s%s",
		       export->place, *export->path ? "/" : "", export->path);
}

/* Go to a name in the directory; the length of the path before is returned, to
 * go back to. */
static int enter(struct export *export, const char *name, size_t *back,
		 struct error *err)
{
	size_t length = strlen(export->path);

	if (length + strlen(name) + 2 > sizeof(export->path))
		return error_set(err, ENAMETOOLONG,
				 "'%s': paths below are longer than %d bytes",
				 export->path, PATH_SIZE - 1);
	(void)snprintf(export->path + length, sizeof(export->path) - length,
		       "%s%s", length ? "/" : "", name);
	find_on_disk(export);
	*back = length;
	return 0;
}

static void leave(struct export *export, size_t back)
{
	export->path[back] = '\0';
	find_on_disk(export);
}

static int compare(const void *a, const void *b)
{
	return order_compare(((const struct directory_name *)a)->bytes,
			     ((const struct directory_name *)b)->bytes);
}

static int count(struct export *export, const struct layer_entry *entry,
		 struct error *err)
{
	if (export->write.tar.entries >= LAYER_CHECK_ENTRIES_MAX)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " entries in a layer",
				 LAYER_CHECK_ENTRIES_MAX);
	if (!S_ISREG(entry->mode))
		return 0;
	if (entry->size > LAYER_CONTENT_MAX - export->content)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " bytes in a layer",
				 LAYER_CONTENT_MAX);
	export->content += entry->size;
	return 0;
}

static int take_data(void *context, const void *bytes, size_t size,
		     struct error *err)
{
	struct export *export = context;

	return tar_data(&export->write.tar, bytes, size, err);
}

/* Anything that is no directory, with its xattrs. */
static int write_entry(struct export *export, struct layer_entry *entry,
		       struct error *err)
{
	const struct appliance *appliance = export->appliance;
	AUTO(attributes) attributes = { 0 };
	autofree char *target = NULL;

	if (S_ISLNK(entry->mode)) {
		target = appliance->library.readlink(appliance->g,
						     export->on_disk);
		if (!target)
			return appliance_error(appliance, err, "read symlink");
		entry->target = target;
	}
	if (attributes_read(&attributes, appliance, export->on_disk, err) < 0)
		return -1;
	attributes_lend(&attributes, entry);
	return layer_write_entry(&export->write, entry, err);
}

static int write_file(struct export *export, const struct directory_file *file,
		      struct error *err)
{
	struct layer_entry entry = file->entry;
	const char *first = NULL;

	entry.path = export->path;
	if (S_ISREG(entry.mode) && file->links > 1 &&
	    layer_write_seen(&export->write, file->inode, export->path, &first,
			     err) < 0)
		return -1;
	if (first)
		return layer_write_link(&export->write, &entry, first, err);
	if (count(export, &entry, err) < 0 ||
	    write_entry(export, &entry, err) < 0)
		return -1;
	if (!S_ISREG(entry.mode))
		return 0;
	return content_read(export->appliance, export->on_disk, file, take_data,
			    export, err);
}

static void warn_of_socket(const struct export *export)
{
	const struct rescue *rescue = export->appliance->rescue;
	struct error line = { 0 };

	(void)error_set(&line, 0, "socket '%s' is left out of the layer",
			export->path);
	rescue->warn(rescue->context, line.msg);
}

static int write_directory(struct export *export,
			   const struct directory_file *file, bool hidden,
			   struct error *err);

/* Anything but a directory. */
static int write_other(struct export *export, const struct directory_name *name,
		       struct error *err)
{
	int status = 0;

	if (name->is_marker)
		status = layer_write_marker(&export->write, export->path, err);
	else if (S_ISSOCK(name->file.entry.mode))
		warn_of_socket(export);
	else
		status = write_file(export, &name->file, err);
	return status < 0 ? say(export, err) : 0;
}

static int write_name(struct export *export, const struct directory_name *name,
		      bool hidden, struct error *err)
{
	size_t back = 0;
	int status;

	if (name->is_nothing)
		return 0;
	if (enter(export, name->bytes, &back, err) < 0)
		return -1;
	if (S_ISDIR(name->file.entry.mode) && !name->is_marker)
		status = write_directory(export, &name->file, hidden, err);
	else
		status = write_other(export, name, err);
	leave(export, back);
	return status;
}

/* Whether the root has changed; without a mark nothing is known of it. */
static int root_changed(struct export *export, const struct layer_entry *root,
			struct error *err)
{
	AUTO(attributes) attributes = { 0 };
	struct directory_file was;

	if (directory_look(&was, export->appliance, "/" SCRATCH_MARK_ROOT,
			   err) < 0)
		return err->code == ENOENT ? 0 : -1;
	if (attributes_read(&attributes, export->appliance,
			    "/" SCRATCH_MARK_ROOT, err) < 0)
		return -1;
	attributes_lend(&attributes, &was.entry);
	return !layer_write_same(&was.entry, root);
}

/* The entry of the directory itself. */
static int write_itself(struct export *export,
			const struct directory_file *file,
			struct marking_place *place, struct error *err)
{
	AUTO(attributes) attributes = { 0 };
	struct layer_entry entry = file->entry;
	int wanted = 1;

	entry.path = export->path;
	if (attributes_read(&attributes, export->appliance, export->on_disk,
			    err) < 0)
		return say(export, err);
	if (marking_enter(&export->marking, place, &attributes, err) < 0)
		return -1;
	attributes_lend(&attributes, &entry);
	if (!*export->path)
		wanted = root_changed(export, &entry, err);
	if (wanted <= 0)
		return wanted;
	if (count(export, &entry, err) < 0 ||
	    layer_write_entry(&export->write, &entry, err) < 0)
		return say(export, err);
	return 0;
}

/* As deep as a path goes, which is half of PATH_SIZE at most. */
static int write_directory(struct export *export,
			   const struct directory_file *file, bool hidden,
			   struct error *err)
{
	struct marking_place place = { .path = export->path,
				       .on_disk = export->on_disk,
				       .hidden = hidden };
	AUTO(directory) directory = { 0 };

	if (write_itself(export, file, &place, err) < 0)
		return -1;
	if (directory_read(&directory, export->appliance, export->on_disk,
			   err) < 0)
		return say(export, err);
	if (marking_apply(&export->marking, &place, &directory, err) < 0)
		return -1;
	if (directory.count > 1)
		qsort(directory.names, directory.count,
		      sizeof(*directory.names), compare);
	for (size_t i = 0; i < directory.count; i++)
		if (write_name(export, &directory.names[i],
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

/* The directory `place` on the disk, as a tar at the end of `fd`. */
static int write_layer(const struct marking *marking, const char *place, int fd,
		       const struct layer_write_options *options,
		       struct error *err)
{
	const struct tar_sink sink = { put, &fd };
	AUTO(export)
	export = { .appliance = marking->appliance,
		   .place = place,
		   .marking = *marking };
	struct directory_file root;

	find_on_disk(&export);
	if (directory_look(&root, export.appliance, place, err) < 0)
		return error_prefix(err, "'%s'", place + 1);
	if (!S_ISDIR(root.entry.mode))
		return error_set(err, ENOTDIR, "'%s' is no directory",
				 place + 1);
	if (layer_write_start(&export.write, options, &sink, err) < 0 ||
	    write_directory(&export, &root, false, err) < 0)
		return -1;
	return layer_write_finish(&export.write, err);
}

static int exists(const struct appliance *appliance, const char *path,
		  struct error *err)
{
	struct directory_file file;

	if (directory_look(&file, appliance, path, err) == 0)
		return 1;
	return err->code == ENOENT ? 0 : error_prefix(err, "'%s'", path + 1);
}

/* Lay what a command has done on the base, and remember it. */
static int add_below(struct rescue_layer *layer, const struct marking *marking,
		     const char *place, struct error *err)
{
	const struct layer_write_options options = { 0 };
	struct layer_source source = { .fd = layer->below_fd };
	off_t end;

	if (layer->below_count == RESCUE_BELOW_MAX)
		return error_set(err, E2BIG, "more than %d layers",
				 RESCUE_BELOW_MAX);
	if (layer->below_count > 0)
		source.offset = layer->below_end[layer->below_count - 1];
	if (write_layer(marking, place, layer->below_fd, &options, err) < 0)
		return -1;
	end = lseek(layer->below_fd, 0, SEEK_END);
	if (end < 0)
		return error_errno(err, "write the layer");
	source.size = (uint64_t)end - source.offset;
	layer->below_end[layer->below_count++] = (uint64_t)end;
	return base_add(layer->base, &source, err);
}

/* What --layer-per-run has put above the image is on the disk. */
static int find_below(struct rescue_layer *layer, struct marking *marking,
		      struct error *err)
{
	char place[PLACE_MAX];
	int found;

	for (size_t i = layer->image_layers + 1;; i++) {
		(void)snprintf(place, sizeof(place), "/image/%zu/layer", i);
		found = exists(marking->appliance, place, err);
		if (found <= 0)
			return found;
		if (!layer->base)
			return 0; /* whose layer it is is not known */
		if (add_below(layer, marking, place, err) < 0)
			return error_prefix(err, "'%s'", place + 1);
		marking->base = layer->base;
	}
}

static int run(struct appliance *appliance, void *context, struct error *err)
{
	struct rescue_layer *layer = context;
	struct marking marking = { .appliance = appliance,
				   .base = layer->base,
				   .why_not = layer->why_not };
	const struct layer_write_options options = { layer->has_clamp,
						     layer->clamp };
	int converted = exists(appliance, "/" SCRATCH_MARK_CONVERTED, err);

	if (converted < 0 || find_below(layer, &marking, err) < 0)
		return -1;
	marking.converted = converted;
	return write_layer(&marking, UPPER, layer->fd, &options, err);
}

int rescue_export(const struct rescue *rescue, struct rescue_layer *layer,
		  struct error *err)
{
	return worker_run(rescue, run, layer, layer, sizeof(*layer), err);
}
