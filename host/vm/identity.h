/* SPDX-License-Identifier: MIT */
/* identity.h - whether a file is still the one that was written */
#ifndef HOST_VM_IDENTITY_H
#define HOST_VM_IDENTITY_H

#include <json-c/json.h>

#include "guest/shared/error.h"

/*
 * Inode, size, mtime and ctime of a file of the directory, as a JSON object
 * that is the caller's to json_object_put(); NULL with what stat(2) says.
 */
struct json_object *identity_take(int dir, const char *name, struct error *err);

/*
 * Compare the file with what identity_take() said of it. ESTALE if anything
 * differs, EPROTO if `identity` is none, and what stat(2) says.
 */
int identity_check(int dir, const char *name, struct json_object *identity,
		   struct error *err);

#endif
