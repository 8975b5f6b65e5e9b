/* SPDX-License-Identifier: MIT */
/* directory.c - see directory.h */
#include "host/rescue/directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/path.h"

#define BATCH 1000 /* names that are asked for at once */

static struct directory_file file_of(const struct guestfs_statns *st)
{
	return (struct directory_file){
		.entry = {
			.mode = (mode_t)st->st_mode,
			.uid = (uid_t)st->st_uid,
			.gid = (gid_t)st->st_gid,
			.mtime = { .tv_sec = st->st_mtime_sec,
				   .tv_nsec = st->st_mtime_nsec },
			.rdev = (dev_t)st->st_rdev,
			.size = st->st_size > 0 ? (uint64_t)st->st_size : 0,
		},
		.inode = (ino_t)st->st_ino,
		.links = (uint64_t)st->st_nlink,
		.is_hole = st->st_blocks == 0,
	};
}

static int grow(struct directory *directory)
{
	size_t room = directory->room ? directory->room * 2 : 64;
	struct directory_name *names;

	if (directory->count < directory->room)
		return 0;
	names = realloc(directory->names, room * sizeof(*names));
	if (!names)
		return -1;
	directory->names = names;
	directory->room = room;
	return 0;
}

int directory_add(struct directory *directory, const char *bytes,
		  const struct directory_file *file, struct error *err)
{
	char *copy = strdup(bytes);

	if (!copy || grow(directory) < 0) {
		free(copy);
		return error_set(err, ENOMEM, "out of memory");
	}
	directory->names[directory->count++] =
		(struct directory_name){ .bytes = copy, .file = *file };
	return 0;
}

static int add_names(struct directory *directory,
		     const struct guestfs_dirent_list *found, struct error *err)
{
	const struct directory_file nothing = { 0 };

	for (uint32_t i = 0; i < found->len; i++) {
		const char *name = found->val[i].name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (!*name || strchr(name, '/') ||
		    strlen(name) > PATH_COMPONENT_MAX)
			return error_set(err, EPROTO, "'%s' is no name", name);
		if (directory_add(directory, name, &nothing, err) < 0)
			return -1;
	}
	return 0;
}

static int look_at(struct directory_name *names, size_t count,
		   const struct appliance *appliance, const char *path,
		   struct error *err)
{
	const struct library *library = &appliance->library;
	char *words[BATCH + 1];
	struct guestfs_statns_list *found;
	int status = 0;

	for (size_t i = 0; i < count; i++)
		words[i] = names[i].bytes;
	words[count] = NULL;
	found = library->lstatnslist(appliance->g, path, words);
	if (!found)
		return appliance_error(appliance, err, "look at its files");
	if (found->len != count)
		status = error_set(err, EPROTO,
				   "%zu files, and what %u of them are", count,
				   found->len);
	for (size_t i = 0; status == 0 && i < count; i++) {
		if (found->val[i].st_ino < 0)
			status = error_set(err, EIO, "look at '%s'",
					   names[i].bytes);
		names[i].file = file_of(&found->val[i]);
	}
	library->free_statns_list(found);
	return status;
}

int directory_read(struct directory *directory,
		   const struct appliance *appliance, const char *path,
		   struct error *err)
{
	const struct library *library = &appliance->library;
	struct guestfs_dirent_list *found =
		library->readdir(appliance->g, path);
	int status;

	if (!found)
		return appliance_error(appliance, err, "list");
	status = add_names(directory, found, err);
	library->free_dirent_list(found);
	for (size_t i = 0; status == 0 && i < directory->count; i += BATCH) {
		size_t count = directory->count - i;

		status = look_at(directory->names + i,
				 count < BATCH ? count : BATCH, appliance, path,
				 err);
	}
	return status;
}

static int take(struct directory_file *file, const struct appliance *appliance,
		struct guestfs_statns *st, struct error *err)
{
	if (!st)
		return appliance_error(appliance, err, "stat");
	*file = file_of(st);
	appliance->library.free_statns(st);
	return 0;
}

int directory_look(struct directory_file *file,
		   const struct appliance *appliance, const char *path,
		   struct error *err)
{
	return take(file, appliance,
		    appliance->library.lstatns(appliance->g, path), err);
}

int directory_stat(struct directory_file *file,
		   const struct appliance *appliance, const char *path,
		   struct error *err)
{
	return take(file, appliance,
		    appliance->library.statns(appliance->g, path), err);
}

void directory_release(struct directory *directory)
{
	for (size_t i = 0; i < directory->count; i++)
		free(directory->names[i].bytes);
	free(directory->names);
	*directory = (struct directory){ 0 };
}
