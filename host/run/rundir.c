/* SPDX-License-Identifier: MIT */
/* rundir.c - see rundir.h */
#include "host/run/rundir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "overlayvm."

#define REMOVE_TURNS 16

static void remove_names(int dir, const char *names, ssize_t size)
{
	const struct dirent64 *entry;

	for (ssize_t at = 0; at < size; at += entry->d_reclen) {
		entry = (const struct dirent64 *)(const void *)(names + at);
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			(void)unlinkat(dir, entry->d_name, 0);
	}
}

/*
 * There are only files and links in it: nothing else is ever made there. This
 * has to work when there is neither memory nor a descriptor to be had, so
 * there is no opendir(3). A file system may lose its place in a directory that
 * shrinks: each turn begins at the front, as long as something is removed.
 */
static void remove_all(int fd, int base, const char *name)
{
	_Alignas(struct dirent64) char names[8192];
	ssize_t size;

	for (int turn = 0; turn < REMOVE_TURNS; turn++) {
		(void)lseek(fd, 0, SEEK_SET);
		while ((size = getdents64(fd, names, sizeof(names))) > 0)
			remove_names(fd, names, size);
		if (unlinkat(base, name, AT_REMOVEDIR) == 0 ||
		    errno != ENOTEMPTY)
			break;
	}
	close(fd); /* and with it the lock */
}

static int open_locked(int base, const char *name)
{
	int fd = openat(base, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && (flock(fd, LOCK_EX | LOCK_NB) < 0 ||
			fstat(fd, &st) < 0 || st.st_uid != geteuid())) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* A name that we make: so that nothing else in /var/tmp is ever touched. */
static bool is_ours(const char *name)
{
	return strncmp(name, PREFIX, strlen(PREFIX)) == 0 &&
	       strlen(name) == strlen(PREFIX "XXXXXX");
}

static void reap(const char *base)
{
	DIR *list = opendir(base);
	struct dirent *entry;

	while (list && (entry = readdir(list))) {
		int fd = is_ours(entry->d_name)
				 ? open_locked(dirfd(list), entry->d_name)
				 : -1;

		if (fd >= 0)
			remove_all(fd, dirfd(list), entry->d_name);
	}
	if (list)
		(void)closedir(list);
}

static int refuse(const char *base, struct error *err)
{
	return error_set(err, errno,
			 "use '%s' for temporary files: %s (OVERLAYVM_TMPDIR "
			 "names another place)",
			 base, strerror(errno));
}

/* Returns 1 if another run reaped it before it was locked, or is about to. */
static int make(struct rundir *rundir, const char *base, struct error *err)
{
	autofree char *path = NULL;
	autoclose int fd = -1;

	if (asprintf(&path, "%s/" PREFIX "XXXXXX", base) < 0) {
		path = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	if (!mkdtemp(path))
		return refuse(base, err);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == ENOENT || errno == EWOULDBLOCK)
			return 1;
		error_errno(err, "lock '%s'", path);
		(void)rmdir(path);
		return -1;
	}
	*rundir = (struct rundir){ take_fd(&fd), take_pointer(&path) };
	return 0;
}

int rundir_create(struct rundir *rundir, const char *base, struct error *err)
{
	autofree char *absolute = realpath(base, NULL);
	struct stat st;
	int made;

	if (!absolute)
		return refuse(base, err);
	reap(absolute);
	while ((made = make(rundir, absolute, err)) >= 0) {
		/* Its name may be gone although it is locked now. */
		if (made == 0 && stat(rundir->path, &st) == 0)
			return 0;
		rundir_release(rundir);
	}
	return -1;
}

void rundir_release(struct rundir *rundir)
{
	int saved = errno;

	if (rundir->fd >= 0)
		remove_all(rundir->fd, AT_FDCWD, rundir->path);
	free(rundir->path);
	*rundir = (struct rundir)RUNDIR_NONE;
	errno = saved;
}
