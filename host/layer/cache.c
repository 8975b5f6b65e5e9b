/* SPDX-License-Identifier: MIT */
/* cache.c - see cache.h */
#include "host/layer/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/tempdir.h"
#include "images/text.h"

#define TRIES 10  /* to take a name that others keep taking */
#define BLOCK 512 /* bytes; what st_blocks counts */

static const char *const kinds[] = { "layers", "scratch", "templates" };

/* Between its opening and its locking it may have been removed. */
static bool is_still_there(int fd, const char *path)
{
	struct stat open, named;

	return fstat(fd, &open) == 0 && stat(path, &named) == 0 &&
	       open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

static int check_owner(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(err, "look at '%s'", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return error_set(err, EPERM, "'%s' belongs to another user",
				 path);
	return 0;
}

int cache_use(const char *path, struct error *err)
{
	autoclose int fd =
		open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, "open '%s'", path);
	if (check_owner(fd, path, err) < 0)
		return -1;
	/* Who removes it has it for moments, who lists it for less. */
	if (flock(fd, LOCK_SH) < 0)
		return error_errno(err, "lock '%s'", path);
	if (!is_still_there(fd, path))
		return error_set(err, ENOENT, "'%s' has been removed", path);
	(void)futimens(fd, NULL); /* a cache may be read-only */
	return take_fd(&fd);
}

/* From its name into a directory that is then removed. */
static int move_away(const char *path, struct error *err)
{
	AUTO(tempdir) away = { 0 };
	autofree char *copy = strdup(path);
	autofree char *to = NULL;

	if (!copy)
		return error_errno(err, "remove '%s'", path);
	if (tempdir_create(&away, dirname(copy), "old", err) < 0)
		return -1;
	to = text_format("%s/old", away.path);
	if (!to)
		return error_errno(err, "remove '%s'", path);
	if (rename(path, to) < 0 && errno != ENOENT)
		return error_errno(err, "remove '%s'", path);
	return 0;
}

int cache_put(const char *made, const char *path, struct error *err)
{
	for (int i = 0; i < TRIES; i++) {
		if (rename(made, path) == 0)
			return 0;
		if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
			break;
		if (move_away(path, err) < 0)
			return -1;
	}
	return error_errno(err, "rename '%s' to '%s'", made, path);
}

/* What the files in the directory take; there are no others in it. */
static uint64_t measure(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	uint64_t size = 0;
	struct dirent *d;
	struct stat st;

	while (dir && (d = readdir(dir)))
		if (strcmp(d->d_name, "..") != 0 &&
		    fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			size += (uint64_t)st.st_blocks * BLOCK;
	if (dir)
		(void)closedir(dir);
	else if (copy >= 0)
		(void)close(copy);
	return size;
}

/* 1: it is a thing; 0: it is something else, or has gone. */
static int look_at(struct cache_item *item, int parent, const char *dir,
		   const char *name)
{
	autoclose int fd =
		openat(parent, name,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return 0;
	item->name = strdup(name);
	item->path = text_format("%s/%s", dir, name);
	item->size = measure(fd);
	item->used = st.st_mtime;
	item->in_use = flock(fd, LOCK_EX | LOCK_NB) < 0;
	return 1;
}

static int append(struct cache_list *list, const struct cache_item *item)
{
	struct cache_item *more =
		reallocarray(list->items, list->count + 1, sizeof(*more));

	if (!more || !item->name || !item->path) {
		if (more)
			list->items = more;
		free(item->name);
		free(item->path);
		return -1;
	}
	list->items = more;
	list->items[list->count++] = *item;
	return 0;
}

static int by_use(const void *a, const void *b)
{
	const struct cache_item *x = a, *y = b;

	if (x->used != y->used)
		return x->used < y->used ? -1 : 1;
	return strcmp(x->path, y->path);
}

int cache_list_kind(struct cache_list *list, const char *dir, const char *kind,
		    struct error *err)
{
	DIR *entries = opendir(dir);
	struct dirent *d;
	int status = 0;

	if (!entries && errno == ENOENT)
		return 0;
	if (!entries)
		return error_errno(err, "list '%s'", dir);
	while (status == 0 && (d = readdir(entries))) {
		struct cache_item item = { .kind = kind };

		if (!strchr(d->d_name, '.') &&
		    look_at(&item, dirfd(entries), dir, d->d_name) > 0 &&
		    append(list, &item) < 0)
			status = error_set(err, ENOMEM, "list '%s': %s", dir,
					   strerror(ENOMEM));
	}
	(void)closedir(entries);
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), by_use);
	return status;
}

int cache_list_all(struct cache_list *list, const char *top, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		autofree char *dir = text_format("%s/%s", top, kinds[i]);

		if (!dir)
			return error_errno(err, "list the cache");
		if (cache_list_kind(list, dir, kinds[i], err) < 0)
			return -1;
	}
	return 0;
}

int cache_remove(const struct cache_item *item, bool *removed,
		 struct error *err)
{
	autoclose int fd = open(item->path, O_RDONLY | O_DIRECTORY |
						    O_NOFOLLOW | O_CLOEXEC);

	*removed = false;
	if (fd < 0)
		return errno == ENOENT
			       ? 0
			       : error_errno(err, "open '%s'", item->path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 || !is_still_there(fd, item->path))
		return 0;
	if (move_away(item->path, err) < 0)
		return -1;
	*removed = true;
	return 0;
}

int cache_trim(const struct cache_list *list, uint64_t limit, uint64_t *freed,
	       size_t *removed, struct error *err)
{
	uint64_t total = 0;

	*freed = 0;
	*removed = 0;
	for (size_t i = 0; i < list->count; i++)
		total += list->items[i].size;
	for (size_t i = 0; i < list->count && total > limit; i++) {
		bool gone;

		if (cache_remove(&list->items[i], &gone, err) < 0)
			return -1;
		if (!gone)
			continue;
		total -= list->items[i].size;
		*freed += list->items[i].size;
		*removed += 1;
	}
	return 0;
}

void cache_list_release(struct cache_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].name);
		free(list->items[i].path);
	}
	free(list->items);
	*list = (struct cache_list){ 0 };
}
