/* SPDX-License-Identifier: MIT */
/* links.c - see links.h */
#include "guest/shared/links.h"

#include <stdint.h>
#include <string.h>

/* Open addressing with linear probing; slots are never emptied. */
static struct link *find(const struct links *links, ino_t inode)
{
	/* Fibonacci hashing: neighbours in number land far apart. */
	uint64_t hash = (uint64_t)inode * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (links->room - 1);

	while (links->slots[at].inode != 0 && links->slots[at].inode != inode)
		at = (at + 1) & (links->room - 1);
	return &links->slots[at];
}

static int grow(struct links *links)
{
	struct links larger = { .room = links->room ? links->room * 2 : 64,
				.used = links->used };

	if (links->used * 2 < links->room)
		return 0;
	larger.slots = calloc(larger.room, sizeof(*larger.slots));
	if (!larger.slots)
		return -1;
	for (size_t i = 0; i < links->room; i++)
		if (links->slots[i].inode != 0)
			*find(&larger, links->slots[i].inode) = links->slots[i];
	free(links->slots);
	*links = larger;
	return 0;
}

int links_see(struct links *links, ino_t inode, const char *path,
	      const char **first)
{
	struct link *link;
	char *kept;

	if (grow(links) < 0)
		return -1;
	link = find(links, inode);
	if (link->inode == inode) {
		*first = link->path;
		return 1;
	}
	kept = strdup(path);
	if (!kept)
		return -1;
	*link = (struct link){ .inode = inode, .path = kept };
	links->used++;
	return 0;
}

void links_release(struct links *links)
{
	for (size_t i = 0; i < links->room; i++)
		free(links->slots[i].path);
	free(links->slots);
	*links = (struct links){ 0 };
}
