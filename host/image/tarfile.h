/* SPDX-License-Identifier: MIT */
/* tarfile.h - a tar file whose members are read where they lie */
#ifndef HOST_IMAGE_TARFILE_H
#define HOST_IMAGE_TARFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/member.h"
#include "host/image/source.h"
#include "host/image/work.h"

/* The name in work->dir of what a compressed archive is decompressed to. */
#define TARFILE_PLAIN_NAME "image.tar"

struct tarfile {
	struct source source;	/* of plain bytes */
	struct members members; /* sorted */
	bool is_cut;		/* nothing follows the last member */
};

/*
 * Open a tar file and list its members, without reading their data.
 *
 * One that is compressed (gzip, zstd, xz, bzip2) is first decompressed, once
 * and whole, into work->dir; source is then that file. Members whose names are
 * absolute or lead out of the archive are left out of the list: nothing can
 * ask for them.
 *
 * Fails with what source_open(), expand_run() and members_add() say, EINVAL
 * for what is empty, no tar, damaged or cut off within a member, and ESTALE
 * if the file changed meanwhile. All messages begin with "open image 'PATH'".
 */
int tarfile_open(struct tarfile *file, const char *path,
		 const struct image_work *work, struct error *err);

/* Whether there is a member of that name, of any kind. */
bool tarfile_has(const struct tarfile *file, const char *name);

/*
 * Find the regular file of that name. A symlink is followed, one, from its own
 * directory and by letters alone, and then one hard link (docker save and
 * skopeo write layers as such symlinks). *member stays the tarfile's.
 *
 * ENOENT: no such member; ELOOP: a link to another symlink; EINVAL: a name or
 * target that leads out of the archive, a directory, a sparse file.
 */
int tarfile_find(const struct tarfile *file, const char *name,
		 const struct member **member, struct error *err);

/*
 * Read a whole file, found as above. *bytes is the caller's, with a zero byte
 * after the *size bytes. EFBIG if there are more than `limit`.
 */
int tarfile_read(const struct tarfile *file, const char *name, size_t limit,
		 char **bytes, size_t *size, struct error *err);

void tarfile_release(struct tarfile *file);

DEFINE_AUTO(tarfile, tarfile_release)

#endif
