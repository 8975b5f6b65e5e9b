/* SPDX-License-Identifier: MIT */
/* tree.h - a temporary directory to build trees of files in */
#ifndef TESTS_UNIT_TREE_H
#define TESTS_UNIT_TREE_H

#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/* A fresh directory becomes the working directory; *state keeps its path. */
static inline int tree_setup(void **state)
{
	const char *dir = getenv("TMPDIR");
	char *path = NULL;

	if (asprintf(&path, "%s/unit.XXXXXX", dir ? dir : "/tmp") < 0)
		return -1;
	*state = path;
	umask(022);
	return mkdtemp(path) && chdir(path) == 0 ? 0 : -1;
}

/* The first name in the working directory; false if it is empty. */
static inline bool tree_first(char name[NAME_MAX + 1])
{
	const struct dirent *entry;
	DIR *dir = opendir(".");
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		found = strcmp(entry->d_name, ".") != 0 &&
			strcmp(entry->d_name, "..") != 0;
		strcpy(name, entry->d_name);
	}
	if (dir)
		(void)closedir(dir);
	return found;
}

/* One directory at a time: a test may have gone deeper than the kernel takes
 * a path, or the process descriptors. */
static inline int tree_remove(const char *name)
{
	char inner[NAME_MAX + 1];

	if (remove(name) == 0)
		return 0;
	if (chdir(name) < 0)
		return -1;
	while (tree_first(inner))
		if (tree_remove(inner) < 0)
			return -1;
	return chdir("..") == 0 ? remove(name) : -1;
}

static inline int tree_teardown(void **state)
{
	int result = chdir("/");

	if (result == 0)
		result = tree_remove(*state);
	free(*state);
	return result;
}

/* Whiteouts, and xattrs called trusted.*, are root's, and not on every file
 * system. */
static inline void tree_needs_root(void)
{
	bool able = mknod("probe", S_IFCHR | 0600, makedev(0, 0)) == 0 &&
		    lsetxattr("probe", "trusted.probe", "", 0, 0) == 0;

	(void)unlink("probe");
	if (!able)
		skip();
}

static inline void tree_dir(const char *path)
{
	assert_int_equal(mkdir(path, 0755), 0);
}

static inline void tree_file(const char *path, const char *content)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(content, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static inline void tree_device(const char *path, unsigned major, unsigned minor)
{
	assert_int_equal(mknod(path, S_IFCHR | 0644, makedev(major, minor)), 0);
}

static inline void tree_xattr(const char *path, const char *name,
			      const char *value)
{
	assert_int_equal(lsetxattr(path, name, value, strlen(value), 0), 0);
}

/* Access and modification time, whole seconds. */
static inline void tree_time(const char *path, time_t seconds)
{
	struct timespec times[2] = { { seconds, 0 }, { seconds, 0 } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW),
			 0);
}

static inline bool tree_has(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static inline int tree_open(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

#endif
