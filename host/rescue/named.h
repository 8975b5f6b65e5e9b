/* SPDX-License-Identifier: MIT */
/* named.h - the file on the disk that the user has named */
#ifndef HOST_RESCUE_NAMED_H
#define HOST_RESCUE_NAMED_H

#include "guest/shared/error.h"
#include "host/rescue/appliance.h"
#include "host/rescue/directory.h"

/*
 * Find the file: `text` is a path from the root of the disk, with a slash
 * before it or without; symlinks in it are followed on the disk and never lead
 * out of it. *path, the caller's, is absolute there. Fails with what libguestfs
 * says, behind the name.
 */
int named_find(char **path, struct directory_file *file,
	       const struct appliance *appliance, const char *text,
	       struct error *err);

#endif
