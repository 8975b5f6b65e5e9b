/* SPDX-License-Identifier: MIT */
/* attributes.h - the extended attributes of a file on the disk */
#ifndef HOST_RESCUE_ATTRIBUTES_H
#define HOST_RESCUE_ATTRIBUTES_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_entry.h"
#include "host/rescue/appliance.h"

/* Usable from { 0 }. */
struct attributes {
	struct layer_xattr *list; /* owned; sorted by name */
	size_t count;
	const struct library *library;
	struct guestfs_xattr_list *raw; /* owned; what list points into */
};

/* Read them in place of what there was. `path` is absolute on the disk, and no
 * symlink is followed. Errors do not name the file. */
int attributes_read(struct attributes *attributes,
		    const struct appliance *appliance, const char *path,
		    struct error *err);

/* Let the entry have them; they stay here. */
void attributes_lend(const struct attributes *attributes,
		     struct layer_entry *entry);

void attributes_release(struct attributes *attributes);

DEFINE_AUTO(attributes, attributes_release)

#endif
