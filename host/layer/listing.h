/* SPDX-License-Identifier: MIT */
/* listing.h - what a layer adds, changes and deletes */
#ifndef HOST_LAYER_LISTING_H
#define HOST_LAYER_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

#define LISTING_ENTRIES_MAX 10000000		/* of a layer */
#define LISTING_NAMES_MAX   (UINT64_C(1) << 30) /* bytes: 1 GiB */

enum listing_mark {
	LISTING_ADDED = 'A',
	LISTING_CHANGED = 'M',
	LISTING_DELETED = 'D',
};

struct listing_line {
	enum listing_mark mark;
	char *path; /* owned; normal form, "" is the root */
};

/* In the order of the tar, each path once. Usable from { 0 }. */
struct listing {
	struct listing_line *lines; /* owned */
	size_t count;
};

/* What the layers below have, where that is known. */
struct listing_below {
	bool (*exists)(void *context, const char *path); /* may be NULL */
	void *context;
};

/*
 * Read a layer from `fd`, a file or a pipe: any tar, as it is or compressed
 * with gzip, zstd, xz or bzip2, in any order, with "./" before its names or
 * without.
 *
 * A whiteout is the path that it hides, deleted. Known to have been there
 * before, and so changed, is a path that the same layer also hides, a
 * directory that is opaque, one that has a whiteout or an opaque directory
 * anywhere in it, and what `below` says exists. Everything else is added.
 * AUFS' own files (".wh..wh.plnk") are left out.
 *
 * Fails with EINVAL for what is no tar or ends in the middle, for names that
 * lead out of the root and for invalid whiteouts; with E2BIG for a layer
 * beyond the limits above; and with what read(2) says.
 */
int listing_read(struct listing *listing, int fd,
		 const struct listing_below *below, struct error *err);

/* "A etc/passwd" and so on, one line a path, quoted as quote.h says; the root
 * is ".". Fails if the stream does, to its last byte. */
int listing_print(const struct listing *listing, FILE *out, struct error *err);

void listing_release(struct listing *listing);

DEFINE_AUTO(listing, listing_release)

#endif
