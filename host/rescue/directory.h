/* SPDX-License-Identifier: MIT */
/* directory.h - the names in a directory of the disk, and what they stand for */
#ifndef HOST_RESCUE_DIRECTORY_H
#define HOST_RESCUE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"
#include "host/rescue/appliance.h"

/* What a file is; without its name, its target and its xattrs. */
struct directory_file {
	struct layer_entry entry;
	ino_t inode;
	uint64_t links;
	bool is_hole; /* no byte of it is on the disk: all are 0 */
};

struct directory_name {
	char *bytes;	/* owned; at most PATH_COMPONENT_MAX bytes, no slash */
	bool is_marker; /* the caller's to use, both; false at first */
	bool is_nothing;
	struct directory_file file;
};

/* Usable from { 0 }. */
struct directory {
	struct directory_name *names; /* owned */
	size_t count;
	size_t room;
};

/*
 * All names in the directory `path`, without "." and "..", in any order. Fails
 * with what libguestfs says, and with EPROTO for a name that no file system
 * has. Errors do not name the directory.
 */
int directory_read(struct directory *directory,
		   const struct appliance *appliance, const char *path,
		   struct error *err);

/* One more name, of which a copy is kept. ENOMEM. */
int directory_add(struct directory *directory, const char *bytes,
		  const struct directory_file *file, struct error *err);

/* What the file `path` is; the second follows symlinks. Errors as those of
 * directory_read(). */
int directory_look(struct directory_file *file,
		   const struct appliance *appliance, const char *path,
		   struct error *err);
int directory_stat(struct directory_file *file,
		   const struct appliance *appliance, const char *path,
		   struct error *err);

void directory_release(struct directory *directory);

DEFINE_AUTO(directory, directory_release)

#endif
