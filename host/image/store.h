/* SPDX-License-Identifier: MIT */
/* store.h - the files of an image that is looked at, in whatever they lie */
#ifndef HOST_IMAGE_STORE_H
#define HOST_IMAGE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/source.h"
#include "host/image/tarfile.h"
#include "host/image/work.h"

/* An archive or a directory. */
struct store {
	struct tarfile file; /* owned; an archive, if it has a source */
	char *dir;	     /* owned; a directory; NULL: it is an archive */
};

/* Bytes in a store. */
struct stored {
	int fd;		      /* the store's, or of `source` */
	uint64_t offset;      /* bytes */
	uint64_t size;	      /* bytes */
	struct source source; /* owned; of a file of a directory */
};

/* As tarfile_open(); a directory is only looked into later. */
int store_open(struct store *store, const char *path,
	       const struct image_work *work, struct error *err);

bool store_has(const struct store *store, const char *name);

/* Find the regular file of that name, as tarfile_find() and source_open(). */
int store_find(const struct store *store, const char *name,
	       struct stored *stored, struct error *err);

/* Read a whole file; as tarfile_read(). */
int store_read(const struct store *store, const char *name, size_t limit,
	       char **bytes, size_t *size, struct error *err);

void stored_release(struct stored *stored);
void store_release(struct store *store);

DEFINE_AUTO(stored, stored_release)
DEFINE_AUTO(store, store_release)

#endif
