/* SPDX-License-Identifier: MIT */
/* kernel.c - see kernel.h */
#include "host/rescue/kernel.h"

#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"

#define CURE                                                                   \
	"(set SUPERMIN_KERNEL to a kernel and SUPERMIN_MODULES to the "        \
	"directory of its modules, or make an appliance elsewhere with "       \
	"libguestfs-make-fixed-appliance and set LIBGUESTFS_PATH to it)"

/* Where there is a root, libguestfs-make-fixed-appliance has been. */
static bool is_fixed(const char *directory, size_t length)
{
	autofree char *root = NULL;

	if (asprintf(&root, "%.*s/root", (int)length, directory) < 0) {
		root = NULL;
		return false;
	}
	return access(root, R_OK) == 0;
}

static bool has_fixed(const char *path)
{
	while (path && *path) {
		size_t length = strcspn(path, ":");

		if (is_fixed(path, length))
			return true;
		path += length + (path[length] == ':');
	}
	return false;
}

static bool can_read_one(const char *pattern)
{
	glob_t found = { 0 };
	bool can = false;

	if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && !can; i++)
			can = access(found.gl_pathv[i], R_OK) == 0;
	globfree(&found);
	return can;
}

int kernel_check(const char *path, struct error *err)
{
	const char *kernel = getenv("SUPERMIN_KERNEL");

	if (has_fixed(path))
		return 0;
	if (kernel && access(kernel, R_OK) < 0) {
		(void)error_errno(err, "open '%s', which SUPERMIN_KERNEL names",
				  kernel);
		return -1;
	}
	if (kernel || can_read_one("/boot/vmlinu[xz]-*") ||
	    can_read_one("/lib/modules/*/vmlinuz"))
		return 0;
	return error_set(err, ENOENT,
			 "libguestfs cannot make its appliance: no kernel in "
			 "/boot can be read " CURE);
}
