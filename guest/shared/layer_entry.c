/* SPDX-License-Identifier: MIT */
/* layer_entry.c - see layer_entry.h */
#include "guest/shared/layer_entry.h"

#include <stdlib.h>
#include <string.h>

static void *copy_bytes(char **room, const void *bytes, size_t size)
{
	void *at = *room;

	memcpy(at, bytes, size);
	*room += size;
	return at;
}

struct layer_entry *layer_entry_copy(const struct layer_entry *entry,
				     size_t *size)
{
	size_t total = sizeof(*entry);
	struct layer_entry *copy;
	struct layer_xattr *xattrs;
	char *room;

	for (size_t i = 0; i < entry->xattr_count; i++)
		total += sizeof(*xattrs) + strlen(entry->xattrs[i].name) + 1 +
			 entry->xattrs[i].size;
	copy = malloc(total);
	if (!copy)
		return NULL;

	*copy = *entry;
	copy->path = NULL;
	copy->target = NULL;
	xattrs = (struct layer_xattr *)(copy + 1);
	copy->xattrs = xattrs;
	room = (char *)(xattrs + entry->xattr_count);
	for (size_t i = 0; i < entry->xattr_count; i++) {
		const struct layer_xattr *from = &entry->xattrs[i];

		xattrs[i].name =
			copy_bytes(&room, from->name, strlen(from->name) + 1);
		xattrs[i].value = copy_bytes(&room, from->value, from->size);
		xattrs[i].size = from->size;
	}
	*size = total;
	return copy;
}
