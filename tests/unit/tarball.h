/* SPDX-License-Identifier: MIT */
/* tarball.h - tar archives made byte by byte, hostile ones included */
#ifndef TESTS_UNIT_TARBALL_H
#define TESTS_UNIT_TARBALL_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"

/*
 * Not made with libarchive, which refuses to write half of what is wanted here
 * and would agree with itself about the other half. Memory that runs out ends
 * the test program.
 */
struct tarball {
	uint8_t *bytes; /* owned */
	size_t size;
	size_t room;
	char *records; /* owned: pax records for the next entry */
	size_t records_size;
};

struct tarball_entry {
	const char *name;
	char type;	   /* as in the header; 0 is '0' */
	unsigned int mode; /* 0: 0644, or 0755 of a directory */
	uint64_t uid;
	uint64_t gid;
	int64_t mtime;
	const char *link; /* target of a link */
	const void *data;
	size_t size; /* of data; 0 and data given: a string */
	uint64_t major;
	uint64_t minor;
};

/* A header and its data. Names and targets beyond 100 bytes get pax records;
 * numbers too big for octal become base-256, as GNU tar writes them. */
void tarball_add(struct tarball *t, const struct tarball_entry *entry);

/* Shorthands for what only its kind, name and content matter of. */
void tarball_file(struct tarball *t, const char *name, const char *text);
void tarball_directory(struct tarball *t, const char *name);
void tarball_symlink(struct tarball *t, const char *name, const char *target);
void tarball_link(struct tarball *t, const char *name, const char *target);

/* The same in short: "d/" "f=text" "s>target" "h&target" "p|" (a FIFO). */
void tarball_short(struct tarball *t, const char *entry);

/* A pax record for the next entry; `size` bytes of value. */
void tarball_pax(struct tarball *t, const char *key, const void *value,
		 size_t size);
void tarball_pax_string(struct tarball *t, const char *key, const char *value);

/* A special header before the next entry: type 'L' or 'K' of GNU tar, 'g' of
 * pax, anything. */
void tarball_special(struct tarball *t, char type, const void *body,
		     size_t size);

/* Bytes as they are. */
void tarball_raw(struct tarball *t, const void *bytes, size_t size);

/* The end of an archive: two blocks of zeros. */
void tarball_end(struct tarball *t);

/* The archive in memory, as a file; the descriptor is the caller's. */
int tarball_open(const struct tarball *t);

void tarball_release(struct tarball *t);

DEFINE_AUTO(tarball, tarball_release)

#endif
