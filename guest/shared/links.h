/* SPDX-License-Identifier: MIT */
/* links.h - where in the layer a file with several names came first */
#ifndef GUEST_SHARED_LINKS_H
#define GUEST_SHARED_LINKS_H

#include <stddef.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"

struct link {
	ino_t inode; /* 0: a free slot; no file has that number */
	char *path;  /* owned */
};

/* The inodes of one file system that were seen. Usable from { 0 }. */
struct links {
	struct link *slots; /* owned; room is 0 or a power of two */
	size_t room;
	size_t used;
};

/*
 * See a name of the inode. Returns 1 with *first set to the path that was
 * seen first, valid until links_release(); 0 if this is the first, of which
 * a copy is kept; -1 with errno set (ENOMEM).
 */
int links_see(struct links *links, ino_t inode, const char *path,
	      const char **first);

void links_release(struct links *links);

DEFINE_AUTO(links, links_release)

#endif
