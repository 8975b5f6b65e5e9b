/* SPDX-License-Identifier: MIT */
/* content.h - the bytes of a file on the disk */
#ifndef HOST_RESCUE_CONTENT_H
#define HOST_RESCUE_CONTENT_H

#include <stddef.h>

#include "guest/shared/error.h"
#include "host/rescue/appliance.h"
#include "host/rescue/directory.h"

/*
 * Give the bytes of the regular file `path`, as many as *file says, to `take`;
 * of a hole, zeros that were not read. EIO if it has fewer; what libguestfs and
 * `take` say. Errors do not name the file.
 */
int content_read(const struct appliance *appliance, const char *path,
		 const struct directory_file *file,
		 int (*take)(void *context, const void *bytes, size_t size,
			     struct error *err),
		 void *context, struct error *err);

#endif
