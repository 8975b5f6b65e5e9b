/* SPDX-License-Identifier: MIT */
/* source.c - see source.h */
#include "host/image/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static int say_errno(struct error *err)
{
	return error_set(err, errno, "%s", strerror(errno));
}

static bool is_same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_same(const struct source *source, const struct stat *st)
{
	return st->st_dev == source->dev && st->st_ino == source->ino &&
	       (uint64_t)st->st_size == source->size &&
	       is_same_time(st->st_mtim, source->mtime) &&
	       is_same_time(st->st_ctim, source->ctime);
}

int source_open(struct source *source, const char *path, struct error *err)
{
	autofree char *real = NULL;
	autoclose int fd = -1;
	struct stat st;

	/* O_NONBLOCK: a FIFO without a writer is opened, and then refused. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0)
		return say_errno(err);
	if (S_ISDIR(st.st_mode))
		return error_set(err, EISDIR, "is a directory");
	if (!S_ISREG(st.st_mode))
		return error_set(err, EINVAL, "is not a regular file");
	real = realpath(path, NULL);
	if (!real)
		return say_errno(err);

	*source = (struct source){
		.path = take_pointer(&real),
		.fd = take_fd(&fd),
		.size = (uint64_t)st.st_size,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.mtime = st.st_mtim,
		.ctime = st.st_ctim,
	};
	return 0;
}

bool source_is_unchanged(const struct source *source)
{
	struct stat st;

	return fstat(source->fd, &st) == 0 && is_same(source, &st) &&
	       stat(source->path, &st) == 0 && is_same(source, &st);
}

void source_release(struct source *source)
{
	if (source->path)
		(void)close(source->fd);
	free(source->path);
	*source = (struct source){ 0 };
}
