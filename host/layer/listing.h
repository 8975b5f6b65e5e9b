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
#include "host/layer/base.h"

#define LISTING_ENTRIES_MAX 4000000 /* of a layer, and lines of a listing */
#define LISTING_NAMES_MAX   (UINT64_C(512) << 20) /* bytes, targets included */

enum listing_mark {
	LISTING_ADDED = 'A',
	LISTING_CHANGED = 'M',
	LISTING_DELETED = 'D',
};

enum listing_type {
	LISTING_NOTHING, /* no entry: deleted, or opaque and no more */
	LISTING_FILE,
	LISTING_DIRECTORY,
	LISTING_SYMLINK,
	LISTING_HARD_LINK,
	LISTING_CHARACTER_DEVICE,
	LISTING_BLOCK_DEVICE,
	LISTING_FIFO,
	LISTING_OTHER, /* a socket, which no tar should have */
};

/* As the layer says it; nothing is known of LISTING_NOTHING but its path. */
struct listing_line {
	char *path;    /* owned; normal form, "" is the root */
	char *target;  /* owned; of links, any bytes but NUL; else NULL */
	uint64_t size; /* bytes of a regular file */
	int64_t mtime; /* seconds since 1970 */
	int64_t uid;
	int64_t gid;
	uint32_t major; /* of devices */
	uint32_t minor;
	uint16_t mode;	/* permissions, set-id and sticky bits */
	uint8_t mark;	/* enum listing_mark */
	uint8_t type;	/* enum listing_type */
	bool is_opaque; /* what it had in the layers below is deleted */
};

/* In the order of the tar, each path once. Usable from { 0 }. */
struct listing {
	struct listing_line *lines; /* owned */
	size_t count;
	size_t room;
};

/*
 * Read a layer from `fd`, a file or a pipe: any tar, as it is or compressed
 * with gzip, zstd, xz or bzip2, in any order, with "./" before its names or
 * without. Of several entries of one path the last says what it is.
 *
 * A whiteout is the path that it hides, deleted. What is changed, because it
 * was there before, is what `base` has, if that is given. Otherwise it is what
 * the layer itself shows to have been there: a path that it also hides, a
 * directory that is opaque, one that has a whiteout or an opaque directory
 * anywhere in it. Everything else is added. AUFS' own files (".wh..wh.plnk")
 * are left out.
 *
 * With a base, what it loses without a whiteout of its own is deleted as well,
 * in lines behind that of the path which hides it: what an opaque directory
 * does not have again, and what was in a directory that is none any more. Of
 * a directory that is deleted only itself is listed, never what is in it.
 *
 * Fails with EINVAL for what is no tar or ends in the middle, for names that
 * lead out of the root and for invalid whiteouts; with E2BIG for a layer
 * beyond the limits above; and with what read(2) says.
 */
int listing_read(struct listing *listing, int fd, const struct base *base,
		 struct error *err);

/* "A etc/passwd" and so on, one line a path, quoted as quote.h says; the root
 * is ".". Fails if the stream does, to its last byte. */
int listing_print(const struct listing *listing, FILE *out, struct error *err);

/* Take over a line, which is empty then; E2BIG beyond LISTING_ENTRIES_MAX,
 * ENOMEM, with the line as it was. */
int listing_append(struct listing *listing, struct listing_line *line,
		   struct error *err);

/* Frees what a line owns. */
void listing_line_release(struct listing_line *line);

void listing_release(struct listing *listing);

DEFINE_AUTO(listing, listing_release)

#endif
