/* SPDX-License-Identifier: MIT */
/* walk.c - see walk.h */
#include "guest/agent/walk.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "guest/agent/beat.h"

/* The way back is openat("..") and not a descriptor kept for each level: a
 * hook may nest deeper than the process may have files open. */

static int grow_levels(struct walk *walk)
{
	size_t room = walk->room ? walk->room * 2 : 32;
	struct walk_level *levels;

	if (walk->depth < walk->room)
		return 0;
	levels = realloc(walk->levels, room * sizeof(*levels));
	if (!levels)
		return -1;
	walk->levels = levels;
	walk->room = room;
	return 0;
}

/* Room for a path of `length` bytes and one more name below it. */
static int grow_path(struct walk *walk, size_t length)
{
	size_t room = 2 * (length + NAME_MAX + 2);
	char *path;

	if (length + NAME_MAX + 2 <= walk->path_room)
		return 0;
	path = realloc(walk->path, room);
	if (!path)
		return -1;
	walk->path = path;
	walk->path_room = room;
	return 0;
}

/* Make the open directory `fd` the one that the walk is in. */
static int push(struct walk *walk, int fd, const struct stat *st,
		const char *name, struct error *err)
{
	struct walk_level level = { .st = *st };
	size_t length = strlen(walk_path(walk, name));

	level.path_length = length;
	if (grow_levels(walk) < 0 || grow_path(walk, length) < 0)
		return error_errno(err, "enter '%s'", walk_say(walk, name));
	if (fchdir(fd) < 0)
		return error_errno(err, "enter '%s'", walk_say(walk, name));
	if (names_read(&level.names, fd, err) < 0)
		return error_prefix(err, "'%s'", walk_say(walk, name));
	walk->levels[walk->depth++] = level;
	if (walk->fd >= 0)
		close(walk->fd);
	walk->fd = fd;
	return 0;
}

int walk_start(struct walk *walk, int root, struct error *err)
{
	autoclose int fd = -1;
	struct stat st;

	*walk = (struct walk){ .started = true, .fd = -1, .home = -1 };
	if (grow_path(walk, 0) < 0)
		return error_errno(err, "walk");
	walk->home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (walk->home < 0)
		return error_errno(err, "open the working directory");
	fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "open the directory to walk");
	if (push(walk, fd, &st, NULL, err) < 0)
		return -1;
	(void)take_fd(&fd); /* now the walk's */
	return 0;
}

struct walk_level *walk_level(const struct walk *walk)
{
	return &walk->levels[walk->depth - 1];
}

const struct name *walk_next(struct walk *walk)
{
	struct walk_level *level = walk_level(walk);

	beat();
	if (level->next == level->names.count)
		return NULL;
	return &level->names.list[level->next++];
}

int walk_enter(struct walk *walk, const char *name, struct error *err)
{
	autoclose int fd = -1;
	struct stat st;

	fd = openat(walk->fd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "enter '%s'", walk_say(walk, name));
	if (st.st_dev != walk->levels[0].st.st_dev)
		return error_set(err, EXDEV,
				 "enter '%s': something is mounted there",
				 walk_say(walk, name));
	if (push(walk, fd, &st, name, err) < 0)
		return -1;
	(void)take_fd(&fd); /* now the walk's */
	return 0;
}

int walk_leave(struct walk *walk, struct error *err)
{
	const struct walk_level *above = &walk->levels[walk->depth - 2];
	autoclose int fd = -1;
	struct stat st;

	fd = openat(walk->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || fchdir(fd) < 0)
		return error_errno(err, "leave '%s'", walk_say(walk, NULL));
	if (st.st_dev != above->st.st_dev || st.st_ino != above->st.st_ino)
		return error_set(err, EIO, "leave '%s': it has been moved",
				 walk_say(walk, NULL));
	close(walk->fd);
	walk->fd = take_fd(&fd);
	names_release(&walk_level(walk)->names);
	walk->depth--;
	return 0;
}

const char *walk_path(struct walk *walk, const char *name)
{
	size_t length = walk->depth ? walk_level(walk)->path_length : 0;

	if (name && length > 0)
		walk->path[length++] = '/';
	if (!name)
		name = "";
	memcpy(walk->path + length, name, strlen(name) + 1);
	return walk->path;
}

const char *walk_say(struct walk *walk, const char *name)
{
	const char *path = walk_path(walk, name);

	return *path ? path : ".";
}

void walk_release(struct walk *walk)
{
	int saved = errno;

	if (!walk->started)
		return;
	while (walk->depth > 0)
		names_release(&walk->levels[--walk->depth].names);
	free(walk->levels);
	free(walk->path);
	if (walk->fd >= 0)
		close(walk->fd);
	if (walk->home >= 0) {
		(void)!fchdir(walk->home);
		close(walk->home);
	}
	*walk = (struct walk){ 0 };
	errno = saved;
}
