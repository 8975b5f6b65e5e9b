/* SPDX-License-Identifier: MIT */
/* list.c - see rescue.h: what a directory has */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "guest/shared/cleanup.h"
#include "host/rescue/directory.h"
#include "host/rescue/named.h"
#include "host/rescue/rescue.h"
#include "host/rescue/worker.h"

struct wanted {
	const char *path;
	int (*take)(void *context, const struct listing *listing,
		    struct error *err);
	void *context;
};

static enum listing_type type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return LISTING_FILE;
	case S_IFDIR:
		return LISTING_DIRECTORY;
	case S_IFLNK:
		return LISTING_SYMLINK;
	case S_IFCHR:
		return LISTING_CHARACTER_DEVICE;
	case S_IFBLK:
		return LISTING_BLOCK_DEVICE;
	case S_IFIFO:
		return LISTING_FIFO;
	default:
		return LISTING_OTHER;
	}
}

static struct listing_line line_of(const struct directory_file *file)
{
	const struct layer_entry *entry = &file->entry;

	return (struct listing_line){
		.size = entry->size,
		.mtime = entry->mtime.tv_sec,
		.uid = entry->uid,
		.gid = entry->gid,
		.major = major(entry->rdev),
		.minor = minor(entry->rdev),
		.mode = (uint16_t)(entry->mode & 07777),
		.type = (uint8_t)type_of(entry->mode),
	};
}

/* `path` is where it is on the disk, for the target of a symlink. */
static int add_line(struct listing *listing, const struct appliance *appliance,
		    const char *path, const char *name,
		    const struct directory_file *file, struct error *err)
{
	struct listing_line line = line_of(file);
	int status = 0;

	if (line.type == LISTING_SYMLINK) {
		line.target = appliance->library.readlink(appliance->g, path);
		if (!line.target)
			return appliance_error(appliance, err, "read symlink");
	}
	line.path = strdup(name);
	if (!line.path)
		status = error_set(err, ENOMEM, "out of memory");
	if (status == 0)
		status = listing_append(listing, &line, err);
	listing_line_release(&line);
	return status;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct directory_name *)a)->bytes,
		      ((const struct directory_name *)b)->bytes);
}

static int add_names(struct listing *listing, const struct appliance *appliance,
		     const char *path, struct error *err)
{
	AUTO(directory) directory = { 0 };

	if (directory_read(&directory, appliance, path, err) < 0)
		return -1;
	if (directory.count > 1)
		qsort(directory.names, directory.count,
		      sizeof(*directory.names), compare);
	for (size_t i = 0; i < directory.count; i++) {
		const struct directory_name *name = &directory.names[i];
		autofree char *below = NULL;

		if (asprintf(&below, "%s/%s", path, name->bytes) < 0) {
			below = NULL;
			return error_set(err, ENOMEM, "out of memory");
		}
		if (add_line(listing, appliance, below, name->bytes,
			     &name->file, err) < 0)
			return error_prefix(err, "'%s'", name->bytes);
	}
	return 0;
}

static int run(struct appliance *appliance, void *context, struct error *err)
{
	const struct wanted *wanted = context;
	AUTO(listing) listing = { 0 };
	struct directory_file file;
	autofree char *path = NULL;
	int status;

	if (named_find(&path, &file, appliance, wanted->path, err) < 0)
		return -1;
	if (S_ISDIR(file.entry.mode))
		status = add_names(&listing, appliance, path, err);
	else
		status = add_line(&listing, appliance, path, wanted->path,
				  &file, err);
	if (status < 0)
		return error_prefix(err, "'%s'", wanted->path);
	return wanted->take(wanted->context, &listing, err);
}

int rescue_list(const struct rescue *rescue, const char *path,
		int (*take)(void *context, const struct listing *listing,
			    struct error *err),
		void *context, struct error *err)
{
	struct wanted wanted = { path, take, context };

	return worker_run(rescue, run, &wanted, NULL, 0, err);
}
