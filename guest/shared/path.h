/* SPDX-License-Identifier: MIT */
/* path.h - the one spelling of a name from an archive */
#ifndef GUEST_SHARED_PATH_H
#define GUEST_SHARED_PATH_H

#include "guest/shared/error.h"

#define PATH_SIZE	   4096 /* bytes with the NUL: what the kernel takes */
#define PATH_COMPONENT_MAX 255	/* bytes: what every file system takes */

/*
 * Write `name`, bytes of any kind, in normal form: relative, components
 * separated by one slash, no "." among them, no slash at the end. The root of
 * the archive ("./", ".", and "/" as kaniko writes it) is "".
 *
 * Refuses with EINVAL what could lead out of the root: a ".." component, a
 * name other than "/" that starts with a slash; and an empty name. Refuses
 * with ENAMETOOLONG a component of more than PATH_COMPONENT_MAX bytes (a
 * whiteout's marker may be longer by its prefix) and a path that does not fit.
 * The message leaves the name to the caller: "'..' in the name".
 */
int path_normalize(char path[PATH_SIZE], const char *name, struct error *err);

/* The last component of a path in normal form; "" of the root. */
const char *path_base(const char *path);

#endif
