/* SPDX-License-Identifier: MIT */
/* beneath.c - see beneath.h */
#include "guest/shared/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

#include "guest/shared/path.h"

int beneath_open(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)(flags | O_CLOEXEC | O_NOFOLLOW),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};

	/* glibc has no wrapper before 2.42. */
	return (int)syscall(SYS_openat2, root, *path ? path : ".", &how,
			    sizeof(how));
}

int beneath_open_parent(int root, const char *path)
{
	const char *base = path_base(path);
	size_t size = base == path ? 0 : (size_t)(base - path) - 1;
	char directory[PATH_SIZE];

	if (size >= sizeof(directory)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(directory, path, size);
	directory[size] = '\0';
	return beneath_open(root, directory, O_PATH | O_DIRECTORY);
}
