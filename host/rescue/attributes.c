/* SPDX-License-Identifier: MIT */
/* attributes.c - see attributes.h */
#include "host/rescue/attributes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct layer_xattr *)a)->name,
		      ((const struct layer_xattr *)b)->name);
}

int attributes_read(struct attributes *attributes,
		    const struct appliance *appliance, const char *path,
		    struct error *err)
{
	const struct library *library = &appliance->library;

	attributes_release(attributes);
	attributes->library = library;
	attributes->raw = library->lgetxattrs(appliance->g, path);
	if (!attributes->raw)
		return appliance_error(appliance, err, "read xattrs");
	attributes->list =
		calloc(attributes->raw->len + 1, sizeof(*attributes->list));
	if (!attributes->list)
		return error_set(err, ENOMEM, "out of memory");
	attributes->count = attributes->raw->len;
	for (size_t i = 0; i < attributes->count; i++) {
		const struct guestfs_xattr *from = &attributes->raw->val[i];

		attributes->list[i] = (struct layer_xattr){
			from->attrname,
			from->attrval,
			from->attrval_len,
		};
	}
	qsort(attributes->list, attributes->count, sizeof(*attributes->list),
	      compare);
	return 0;
}

void attributes_lend(const struct attributes *attributes,
		     struct layer_entry *entry)
{
	entry->xattrs = attributes->list;
	entry->xattr_count = attributes->count;
}

void attributes_release(struct attributes *attributes)
{
	free(attributes->list);
	if (attributes->raw)
		attributes->library->free_xattr_list(attributes->raw);
	*attributes = (struct attributes){ 0 };
}
