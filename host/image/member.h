/* SPDX-License-Identifier: MIT */
/* member.h - one member of a tar file, and the list of all of them */
#ifndef HOST_IMAGE_MEMBER_H
#define HOST_IMAGE_MEMBER_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/* More are refused: an image has some hundred. */
#define MEMBERS_MAX	  100000
#define MEMBERS_NAMES_MAX (32 * 1024 * 1024) /* bytes of all names together */

enum member_kind {
	MEMBER_FILE,
	MEMBER_SYMLINK,
	MEMBER_HARDLINK,
	MEMBER_SPARSE, /* a file with holes: its bytes are not in one run */
	MEMBER_OTHER,  /* a directory, a device */
};

struct member {
	char *name;   /* owned, as member_name() makes it */
	char *target; /* owned, as it stands; "" of what is no link */
	enum member_kind kind;
	uint64_t offset; /* of the data in the file, bytes; for MEMBER_FILE */
	uint64_t size;	 /* bytes; for MEMBER_FILE */
	size_t place;	 /* in the order of the file */
};

struct members {
	struct member *item; /* owned; by name after members_sort() */
	size_t count;
	size_t room;
	size_t name_bytes;
};

/*
 * What `path` leads to when it is followed from the directory of the member
 * `from` (NULL: from the top), by its letters alone: "./a//b" is "a/b", and
 * "../x" seen from "a/b" is "x". The caller owns it. NULL with EINVAL if path
 * is absolute, leads out of the archive or to its top; with ENOMEM.
 */
char *member_name(const char *from, const char *path);

/* Takes over name and target, in any case. E2BIG beyond the limits, ENOMEM. */
int members_add(struct members *members, const struct member *member,
		struct error *err);

/* Sort by name; of members with the same name the last one stays. */
void members_sort(struct members *members);

/* By a name as member_name() makes it; NULL if there is none. */
const struct member *members_find(const struct members *members,
				  const char *name);

void members_release(struct members *members);

DEFINE_AUTO(members, members_release)

#endif
