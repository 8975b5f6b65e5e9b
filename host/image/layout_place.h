/* SPDX-License-Identifier: MIT */
/* layout_place.h - where an OCI layout is, or is to be */
#ifndef HOST_IMAGE_LAYOUT_PLACE_H
#define HOST_IMAGE_LAYOUT_PLACE_H

#include <stddef.h>

#include <json-c/json.h>

#include "guest/shared/error.h"

#define LAYOUT_BLOBS "blobs/sha256"

/*
 * Say early what would fail late. Where there is nothing yet, or an empty
 * directory, a layout can be made; anything else must be a layout: ENOTDIR,
 * ENOTEMPTY for a directory that is none, EINVAL for one of another version,
 * and what the file system says of writing there. Touches nothing.
 */
int layout_check(const char *path, struct error *err);

/*
 * *dir becomes a descriptor for the layout that is there, or -1 if one can be
 * made. Fails as layout_check() does; messages leave the path to the caller.
 */
int layout_open(const char *path, int *dir, struct error *err);

/* Open the directory that the path is in; *base becomes the last part of it,
 * the caller's. Returns the descriptor or -1. */
int layout_open_parent(const char *path, char **base, struct error *err);

/* Read a whole document of the layout. EFBIG beyond `max` bytes, EINVAL. */
int layout_read_document(int dir, const char *name, size_t max,
			 struct json_object **document, struct error *err);

#endif
