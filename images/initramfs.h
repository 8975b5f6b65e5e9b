/* SPDX-License-Identifier: MIT */
/* initramfs.h - the file tree that the guest starts with */
#ifndef IMAGES_INITRAMFS_H
#define IMAGES_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/blob.h"

struct initramfs_entry {
	char *path;	       /* owned: "usr/bin/bash" */
	mode_t mode;	       /* type and permissions */
	struct blob content;   /* of a regular file */
	char *target;	       /* owned; of a symbolic link */
	unsigned major, minor; /* of a device */
};

/* A tree in memory. Everything in it belongs to root and dates from 1970. */
struct initramfs {
	struct initramfs_entry *entry; /* owned, in no order */
	size_t count;
};

/*
 * Paths are relative, without "." and "..". Directories above a new entry are
 * made with it, mode 0755; to add a directory that is there is no error. For
 * all others: EEXIST. Only memory can be short otherwise.
 */
int initramfs_add_directory(struct initramfs *fs, const char *path,
			    mode_t permissions, struct error *err);
int initramfs_add_link(struct initramfs *fs, const char *path,
		       const char *target, struct error *err);
int initramfs_add_character_device(struct initramfs *fs, const char *path,
				   mode_t permissions, unsigned major,
				   unsigned minor, struct error *err);

/* Takes what *content owns, on success only. */
int initramfs_add_file(struct initramfs *fs, const char *path,
		       mode_t permissions, struct blob *content,
		       struct error *err);
int initramfs_add_text(struct initramfs *fs, const char *path, const char *text,
		       struct error *err);

bool initramfs_has(const struct initramfs *fs, const char *path);

/*
 * The tree as an uncompressed cpio archive, "newc": the same tree gives the
 * same bytes, in whatever order it was put together. Sorts the entries.
 */
int initramfs_pack(struct initramfs *fs, struct blob *archive,
		   struct error *err);

void initramfs_release(struct initramfs *fs);

DEFINE_AUTO(initramfs, initramfs_release)

#endif
