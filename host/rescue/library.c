/* SPDX-License-Identifier: MIT */
/* library.c - see library.h */
#include "host/rescue/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "guest/shared/cleanup.h"

#define SONAME "libguestfs.so.0"
#define CURE   "install the package libguestfs0"

#define LIBRARY_NAME(name) "guestfs_" #name,

/* In the order of struct library. */
static const char *const names[] = { LIBRARY_FUNCTIONS(LIBRARY_NAME) };

int library_load(struct library *library, struct error *err)
{
	void *handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	void *functions[COUNT_OF(names)];

	_Static_assert(sizeof(functions) == sizeof(*library),
		       "one pointer for each name");
	if (!handle)
		return error_set(err, ENOENT, "%s (" CURE ")", dlerror());
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		functions[i] = dlsym(handle, names[i]);
		if (!functions[i])
			return error_set(err, ENOENT,
					 SONAME " is too old: no function "
						"'%s'",
					 names[i]);
	}
	memcpy(library, functions, sizeof(*library));
	return 0;
}
