/* SPDX-License-Identifier: MIT */
/* tempdir.c - see tempdir.h */
#include "images/tempdir.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "images/text.h"

#define TRIES	 10 /* to make a directory that another does not reap */
#define OPEN_MAX 16 /* descriptors that a walk may use */

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

int tempdir_remove_tree(const char *path, struct error *err)
{
	if (nftw(path, remove_one, OPEN_MAX, FTW_DEPTH | FTW_PHYS) < 0)
		return error_errno(err, "remove '%s'", path);
	return 0;
}

/* The lock of the directory, or -1 if somebody else has it. */
static int take_lock(const char *path)
{
	autoclose int fd =
		open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -1;
	return take_fd(&fd);
}

static void reap(const char *parent, const char *prefix)
{
	size_t length = strlen(prefix);
	DIR *dir = opendir(parent);
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		struct error ignored = { 0 };
		autofree char *path = NULL;
		autoclose int lock = -1;

		if (strncmp(d->d_name, prefix, length) != 0 ||
		    d->d_name[length] != '.' ||
		    strlen(d->d_name + length + 1) != strlen("XXXXXX"))
			continue;
		path = text_format("%s/%s", parent, d->d_name);
		if (!path)
			break;
		lock = take_lock(path);
		if (lock >= 0)
			(void)tempdir_remove_tree(path, &ignored);
	}
	if (dir)
		closedir(dir);
}

/* Between mkdtemp() and flock() another process may have reaped it. */
static bool still_there(int fd, const char *path)
{
	struct stat open, named;

	return fstat(fd, &open) == 0 && stat(path, &named) == 0 &&
	       open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

int tempdir_create(struct tempdir *dir, const char *parent, const char *prefix,
		   struct error *err)
{
	reap(parent, prefix);

	for (int i = 0; i < TRIES; i++) {
		autofree char *path =
			text_format("%s/%s.XXXXXX", parent, prefix);
		autoclose int lock = -1;

		if (!path)
			return error_errno(err, "name a directory");
		if (!mkdtemp(path))
			return error_errno(err, "create a directory in '%s'",
					   parent);
		lock = take_lock(path);
		if (lock < 0 || !still_there(lock, path))
			continue;

		dir->path = take_pointer(&path);
		dir->lock = take_fd(&lock);
		return 0;
	}
	return error_set(err, EAGAIN,
			 "create a directory in '%s': others keep "
			 "removing it",
			 parent);
}

void tempdir_keep(struct tempdir *dir)
{
	if (!dir->path)
		return;
	close(dir->lock);
	free(dir->path);
	*dir = (struct tempdir){ 0 };
}

void tempdir_release(struct tempdir *dir)
{
	struct error ignored = { 0 };
	int saved = errno;

	if (dir->path)
		(void)tempdir_remove_tree(dir->path, &ignored);
	tempdir_keep(dir);
	errno = saved;
}
