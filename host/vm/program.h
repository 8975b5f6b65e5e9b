/* SPDX-License-Identifier: MIT */
/* program.h - where a program is */
#ifndef HOST_VM_PROGRAM_H
#define HOST_VM_PROGRAM_H

#include "guest/shared/error.h"

/*
 * Find a program as execvp(3) would: a name with a '/' is a path, another is
 * looked for in PATH. *path is absolute, the caller's to free(). ENOENT,
 * EACCES or EISDIR if there is none that can be executed.
 */
int program_find(const char *name, char **path, struct error *err);

#endif
