/* SPDX-License-Identifier: MIT */
/* stage.c - see stage.h */
#include "host/image/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"

#define NAMES_TRIED 100
#define DEPTH_MAX   8 /* levels; ours have three */

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Best effort, as whoever removes has something worse to report. */
static void remove_tree(int parent, const char *name, int depth)
{
	int fd = openat(parent, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir && fd >= 0)
		(void)close(fd);
	while (dir && (entry = readdir(dir)))
		if (!is_dots(entry->d_name) &&
		    unlinkat(fd, entry->d_name, 0) < 0 && depth < DEPTH_MAX)
			remove_tree(fd, entry->d_name, depth + 1);
	if (dir)
		(void)closedir(dir);
	(void)unlinkat(parent, name, AT_REMOVEDIR);
}

int stage_make(struct stage *stage, int parent, const char *base,
	       struct error *err)
{
	AUTO(stage) made = { .parent = parent, .dir = -1 };

	for (unsigned i = 0; i < NAMES_TRIED && !made.name; i++) {
		autofree char *name = NULL;

		if (asprintf(&name, ".%.200s.%d.%u.tmp", base, getpid(), i) <
		    0) {
			name = NULL;
			return error_set(err, ENOMEM, "out of memory");
		}
		if (mkdirat(parent, name, 0777) == 0)
			made.name = take_pointer(&name);
		else if (errno != EEXIST)
			break;
	}
	if (!made.name)
		return error_errno(err, "create a directory beside '%s'", base);
	made.dir =
		openat(parent, made.name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (made.dir < 0)
		return error_errno(err, "open '%s'", made.name);
	*stage = made;
	made = (struct stage)STAGE_NONE;
	return 0;
}

static int write_to(void *context, const void *bytes, size_t size,
		    struct error *err)
{
	const int *fd = context;

	if (io_write(*fd, bytes, size) < 0)
		return error_errno(err, "write");
	return 0;
}

static int fill(int fd, const struct image_blob *blob,
		const struct image_work *work, struct error *err)
{
	if (image_blob_read(blob, write_to, &fd, work, err) < 0)
		return -1;
	if (fsync(fd) < 0)
		return error_errno(err, "write");
	return 0;
}

int stage_put(int dir, const char *name, const struct image_blob *blob,
	      const struct image_work *work, struct error *err)
{
	autoclose int fd =
		openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		       0666);

	if (fd < 0)
		return error_errno(err, "create '%s'", name);
	if (fill(fd, blob, work, err) < 0) {
		(void)unlinkat(dir, name, 0);
		return error_prefix(err, "'%s'", name);
	}
	return 0;
}

int stage_put_bytes(int dir, const char *name, const void *bytes, size_t size,
		    struct error *err)
{
	const struct image_blob blob = { .bytes = bytes, .size = size };
	const struct image_work work = { .dir = -1 };

	return stage_put(dir, name, &blob, &work, err);
}

static int see_onto_disk(const struct stage *stage, const char *path,
			 struct error *err)
{
	if (fsync(stage->parent) < 0 && errno != EINVAL)
		return error_errno(err, "write the directory of '%s'", path);
	return 0;
}

int stage_publish(struct stage *stage, const char *base, const char *path,
		  struct error *err)
{
	if (renameat(stage->parent, stage->name, stage->parent, base) < 0)
		return error_errno(err, "name '%s'", path);
	free(stage->name);
	stage->name = NULL;
	return see_onto_disk(stage, path, err);
}

int stage_replace(struct stage *stage, const char *base, const char *path,
		  struct error *err)
{
	if (renameat2(stage->parent, stage->name, stage->parent, base,
		      RENAME_EXCHANGE) < 0)
		return error_errno(err, "replace '%s'", path);
	/* What has our name now is the old one, and goes with the stage. */
	return see_onto_disk(stage, path, err);
}

void stage_release(struct stage *stage)
{
	int saved = errno;

	if (stage->name)
		remove_tree(stage->parent, stage->name, 0);
	if (stage->dir >= 0)
		(void)close(stage->dir);
	if (stage->parent >= 0)
		(void)close(stage->parent);
	free(stage->name);
	*stage = (struct stage)STAGE_NONE;
	errno = saved;
}
