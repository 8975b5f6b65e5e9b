/* SPDX-License-Identifier: MIT */
/* acl.c - see acl.h */
#include "guest/shared/acl.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"

/* From linux/posix_acl.h and linux/posix_acl_xattr.h. Tags ascend in the order
 * in which the kernel wants the entries. */
#define XATTR_VERSION 2
#define TAG_USER_OBJ  0x01
#define TAG_USER      0x02
#define TAG_GROUP_OBJ 0x04
#define TAG_GROUP     0x08
#define TAG_MASK      0x10
#define TAG_OTHER     0x20
#define NO_ID	      UINT32_MAX

#define BASE_ENTRIES 3 /* those that the mode has too */

struct item {
	uint32_t tag;
	uint32_t permissions;
	uint32_t id;
};

static uint32_t tag_of(int archive_tag)
{
	switch (archive_tag) {
	case ARCHIVE_ENTRY_ACL_USER_OBJ:
		return TAG_USER_OBJ;
	case ARCHIVE_ENTRY_ACL_USER:
		return TAG_USER;
	case ARCHIVE_ENTRY_ACL_GROUP_OBJ:
		return TAG_GROUP_OBJ;
	case ARCHIVE_ENTRY_ACL_GROUP:
		return TAG_GROUP;
	case ARCHIVE_ENTRY_ACL_MASK:
		return TAG_MASK;
	case ARCHIVE_ENTRY_ACL_OTHER:
		return TAG_OTHER;
	}
	return 0;
}

static int by_tag_and_id(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->tag != y->tag)
		return x->tag < y->tag ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static int read_item(struct item *item, int tag, int permissions, int id,
		     const char *name, struct error *err)
{
	item->tag = tag_of(tag);
	item->permissions = (uint32_t)permissions & 07;
	item->id = NO_ID;
	if (item->tag == 0)
		return error_set(err, EINVAL, "ACL entry of unknown tag %d",
				 tag);
	if (item->tag != TAG_USER && item->tag != TAG_GROUP)
		return 0;
	if (id < 0)
		return error_set(err, EINVAL, "ACL names '%s' without a number",
				 name ? name : "");
	item->id = (uint32_t)id;
	return 0;
}

static int read_items(struct archive_entry *from, int type, struct item *items,
		      size_t room, size_t *count, struct error *err)
{
	int entry_type, permissions, tag, id;
	const char *name;

	*count = 0;
	while (*count < room &&
	       archive_entry_acl_next(from, type, &entry_type, &permissions,
				      &tag, &id, &name) == ARCHIVE_OK) {
		if (read_item(&items[*count], tag, permissions, id, name, err) <
		    0)
			return -1;
		(*count)++;
	}
	qsort(items, *count, sizeof(*items), by_tag_and_id);
	return 0;
}

static void *put(void *at, const void *bytes, size_t size)
{
	memcpy(at, bytes, size);
	return (char *)at + size;
}

static void encode(const struct item *items, size_t count, void *at)
{
	uint32_t version = htole32(XATTR_VERSION);

	at = put(at, &version, sizeof(version));
	for (size_t i = 0; i < count; i++) {
		uint16_t tag = htole16((uint16_t)items[i].tag);
		uint16_t permissions = htole16((uint16_t)items[i].permissions);
		uint32_t id = htole32(items[i].id);

		at = put(at, &tag, sizeof(tag));
		at = put(at, &permissions, sizeof(permissions));
		at = put(at, &id, sizeof(id));
	}
}

int acl_encode(struct archive_entry *from, int type, struct layer_xattr *xattr,
	       unsigned int *mask, struct error *err)
{
	int room = archive_entry_acl_reset(from, type);
	autofree struct item *items = NULL;
	size_t count = 0, size;
	void *value;

	xattr->value = NULL;
	if (room <= (type == ARCHIVE_ENTRY_ACL_TYPE_ACCESS ? BASE_ENTRIES : 0))
		return 0;
	items = calloc((size_t)room, sizeof(*items));
	if (!items)
		return error_errno(err, "read the ACL");
	if (read_items(from, type, items, (size_t)room, &count, err) < 0)
		return -1;

	size = 4 + 8 * count;
	value = malloc(size);
	if (!value)
		return error_errno(err, "read the ACL");
	encode(items, count, value);
	for (size_t i = 0; i < count; i++)
		if (items[i].tag == TAG_MASK)
			*mask = items[i].permissions;
	xattr->name = type == ARCHIVE_ENTRY_ACL_TYPE_ACCESS ? ACL_ACCESS_XATTR
							    : ACL_DEFAULT_XATTR;
	xattr->value = value;
	xattr->size = size;
	return 0;
}
