/* SPDX-License-Identifier: MIT */
/* lower.c - see lower.h */
#include "guest/agent/lower.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

void lower_start(struct lower *lower, int root)
{
	*lower = (struct lower){ .root = root, .fd = -1 };
}

static void move_to(struct lower *lower, int fd, size_t depth)
{
	if (lower->fd >= 0)
		close(lower->fd);
	lower->fd = fd;
	lower->depth = depth;
}

/* The name of the walk's directory at `depth`, 2 being one below the root. */
static void name_at(const struct walk *walk, size_t depth,
		    char name[NAME_MAX + 1])
{
	size_t start = walk->levels[depth - 2].path_length;
	size_t end = walk->levels[depth - 1].path_length;

	if (start > 0)
		start++; /* the slash */
	memcpy(name, walk->path + start, end - start);
	name[end - start] = '\0';
}

/* One directory further down: 1, or 0 if there is none, or -1. */
static int descend(struct lower *lower, const struct walk *walk)
{
	char name[NAME_MAX + 1] = ".";
	int from = lower->depth ? lower->fd : lower->root;
	int fd;

	if (lower->depth > 0)
		name_at(walk, lower->depth + 1, name);
	fd = openat(from, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	move_to(lower, fd, lower->depth + 1);
	return 1;
}

int lower_has_directory(struct lower *lower, const struct walk *walk,
			struct error *err)
{
	if (lower->root < 0)
		return 0;
	while (lower->depth < walk->depth) {
		int found = descend(lower, walk);

		if (found < 0)
			return error_errno(err, "look below the upper "
						"directory");
		if (found == 0)
			return 0;
	}
	return 1;
}

int lower_has_name(struct lower *lower, const struct walk *walk,
		   const char *name, struct error *err)
{
	int found = lower_has_directory(lower, walk, err);
	struct stat st;

	if (found <= 0)
		return found;
	if (fstatat(lower->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT)
			return 0;
		return error_errno(err,
				   "look for '%s' below the upper "
				   "directory",
				   name);
	}
	return !(S_ISCHR(st.st_mode) && st.st_rdev == makedev(0, 0));
}

int lower_leave(struct lower *lower, const struct walk *walk, struct error *err)
{
	int fd;

	if (lower->depth <= walk->depth)
		return 0;
	fd = openat(lower->fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "leave a directory below the upper "
					"directory");
	move_to(lower, fd, walk->depth);
	return 0;
}

void lower_release(struct lower *lower)
{
	if (lower->fd >= 0 && lower->depth > 0)
		close(lower->fd);
	*lower = (struct lower){ .root = -1, .fd = -1 };
}
