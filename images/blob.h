/* SPDX-License-Identifier: MIT */
/* blob.h - the bytes of a file, in memory and out again */
#ifndef IMAGES_BLOB_H
#define IMAGES_BLOB_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

#define BLOB_MAX    (256u * 1024 * 1024) /* bytes: a kernel or tool is less */
#define BLOB_SHA256 64			 /* hex digits */

struct blob {
	unsigned char *data; /* owned; a NUL follows that `size` leaves out */
	size_t size;	     /* bytes */
};

/*
 * The bytes of a file. Only regular files are read; EFBIG beyond BLOB_MAX.
 */
int blob_read(struct blob *blob, const char *path, struct error *err);

/* The same, and what xz, zstd or gzip packed is unpacked. */
int blob_unpack(struct blob *blob, const char *path, struct error *err);

/* A copy of bytes that are in memory already. */
int blob_copy(struct blob *blob, const void *data, size_t size,
	      struct error *err);

/*
 * Write a new file that all may read, whatever the umask, and see it onto the
 * disk. EEXIST if there is one of that name.
 */
int blob_write(const struct blob *blob, const char *path, struct error *err);

/* The SHA-256 of the bytes, in lower case hex. */
int blob_sha256(const struct blob *blob, char hex[BLOB_SHA256 + 1],
		struct error *err);

void blob_release(struct blob *blob);

DEFINE_AUTO(blob, blob_release)

#endif
