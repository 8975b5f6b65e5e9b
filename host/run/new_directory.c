/* SPDX-License-Identifier: MIT */
/* new_directory.c - see new_directory.h */
#include "host/run/new_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".overlayvm-new"

/* The directory that `path` is in; the caller's. */
static char *parent_of(const char *path)
{
	autofree char *copy = strdup(path);

	return copy ? strdup(dirname(copy)) : NULL;
}

static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		(void)closedir(dir);
	return dir && count <= 2;
}

int new_directory_check(const char *path, struct error *err)
{
	autofree char *parent = NULL;
	struct stat st;

	if (!path)
		return 0;
	if (lstat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		return error_set(err, EEXIST, "'%s' is no directory", path);
	if (lstat(path, &st) == 0 && !is_empty(path))
		return error_set(err, ENOTEMPTY, "'%s' is not empty", path);
	parent = parent_of(path);
	if (!parent)
		return error_set(err, ENOMEM, "out of memory");
	if (access(parent, W_OK | X_OK) < 0)
		return error_errno(err, "write to '%s'", parent);
	return 0;
}

int new_directory_begin(struct new_directory *made, const char *path,
			struct error *err)
{
	autofree char *parent = parent_of(path);

	if (!parent)
		return error_set(err, ENOMEM, "out of memory");
	if (tempdir_create(&made->temp, parent, PREFIX, err) < 0)
		return -1;
	made->fd = open(made->temp.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (made->fd < 0)
		return error_errno(err, "open '%s'", made->temp.path);
	return 0;
}

int new_directory_publish(struct new_directory *made, const char *path,
			  struct error *err)
{
	if (rename(made->temp.path, path) < 0)
		return error_errno(err, "name '%s'", path);
	tempdir_keep(&made->temp);
	return 0;
}

void new_directory_release(struct new_directory *made)
{
	if (made->fd >= 0)
		close(made->fd);
	made->fd = -1;
	tempdir_release(&made->temp);
}
