/* SPDX-License-Identifier: MIT */
/* package.h - kernel packages: .deb and .rpm, read without root */
#ifndef IMAGES_PACKAGE_H
#define IMAGES_PACKAGE_H

#include <stdbool.h>

#include "guest/shared/error.h"

#define PACKAGE_ENTRIES_MAX 100000
#define PACKAGE_BYTES_MAX   (4ull << 30) /* unpacked, of what is wanted */
#define PACKAGE_DEPTH_MAX   32		 /* directories in a name */

/* true if the file begins as a .deb or an .rpm does. */
bool package_is(const char *path);

/*
 * Unpack what a guest may need of a kernel package below the directory `dir`,
 * which must be private: the kernel as DIR/vmlinuz and its modules as
 * DIR/lib/modules/VERSION/..., wherever the package has them (/boot,
 * /lib/modules, /usr/lib/modules). All else is passed over, and so is
 * everything but regular files; owners and modes are not kept.
 *
 * EINVAL if the file is no such package, if a name in it is absolute or has a
 * "..", and where one of the limits above is passed. A package that holds
 * nothing of the kind is no error. What was written before a failure stays.
 */
int package_unpack(const char *path, const char *dir, struct error *err);

/*
 * The package of a kernel that a .deb depends on, as linux-image-amd64 does:
 * the first name in its Depends that begins with "linux-image-". The caller's
 * to free. NULL if there is none, and for whatever cannot be read.
 */
char *package_depends(const char *path);

/*
 * Where the content of an entry of that name goes, relative to `dir` (borrows
 * from `name`), NULL if it is not wanted.
 */
const char *package_wants(const char *name);

/* The name is relative and stays below where it starts. */
bool package_name_is_safe(const char *name);

#endif
