/* SPDX-License-Identifier: MIT */
/* unbundle.c - see unbundle.h */
#include "host/layer/unbundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/beneath.h"
#include "guest/shared/io.h"
#include "guest/shared/path.h"
#include "host/layer/unbundle_wire.h"

#define TEXT_MAX (2 * PATH_SIZE) /* bytes; a path and a target */

/* Where in the jail's words it is. */
struct unbundling {
	int into;
	struct unbundle_entry head;
	size_t head_used;
	char text[TEXT_MAX];
	size_t text_used;
	char path[PATH_SIZE];	/* of the entry, in normal form */
	char target[PATH_SIZE]; /* as it was said */
	int file;		/* open while its data comes; or -1 */
	uint64_t left;		/* bytes of it that are to come */
};

static int refuse(const struct unbundling *u, const char *why,
		  struct error *err)
{
	return error_set(err, EINVAL, "'%s' in $out %s", u->path, why);
}

static int fail(const struct unbundling *u, struct error *err)
{
	return error_errno(err, "make '%s' of $out", u->path);
}

static int open_parent(const struct unbundling *u, struct error *err)
{
	int fd = beneath_open_parent(u->into, u->path);

	return fd < 0 ? fail(u, err) : fd;
}

static int make_directory(const struct unbundling *u, struct error *err)
{
	mode_t mode = (u->head.mode & 0777) | 0700;
	autoclose int parent = -1;
	autoclose int fd = -1;

	if (u->path[0] == '\0')
		return 0; /* it is there */
	parent = open_parent(u, err);
	if (parent < 0)
		return -1;
	if (mkdirat(parent, path_base(u->path), mode) < 0)
		return fail(u, err);
	fd = beneath_open(u->into, u->path, O_RDONLY | O_DIRECTORY);
	return fd < 0 || fchmod(fd, mode) < 0 ? fail(u, err) : 0;
}

static int begin_file(struct unbundling *u, struct error *err)
{
	autoclose int parent = open_parent(u, err);

	if (parent < 0)
		return -1;
	u->file = openat(parent, path_base(u->path),
			 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			 0600);
	if (u->file < 0)
		return fail(u, err);
	u->left = u->head.size;
	return 0;
}

static int end_file(struct unbundling *u, struct error *err)
{
	const struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = u->head.mtime },
	};
	int status = 0;

	if (fchmod(u->file, (u->head.mode & 0777) | 0600) < 0 ||
	    futimens(u->file, times) < 0)
		status = fail(u, err);
	close(u->file);
	u->file = -1;
	return status;
}

/* The ".." in front of a target; -1 if there is one elsewhere. */
static int count_ups(const char *target)
{
	bool down = false;
	int ups = 0;

	while (*target) {
		size_t length = strcspn(target, "/");
		bool up = length == 2 && strncmp(target, "..", 2) == 0;

		if (up && down)
			return -1;
		ups += up;
		down |= !up && length > 0 && !(length == 1 && *target == '.');
		target += length;
		target += strspn(target, "/");
	}
	return ups;
}

static int depth_of(const char *path)
{
	int depth = 0;

	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

static int make_symlink(const struct unbundling *u, struct error *err)
{
	int ups = count_ups(u->target);
	autoclose int parent = -1;

	if (u->target[0] == '/' || u->target[0] == '\0' || ups < 0 ||
	    ups > depth_of(u->path))
		return refuse(u, "is a link that may lead out of it", err);
	parent = open_parent(u, err);
	if (parent < 0)
		return -1;
	if (symlinkat(u->target, parent, path_base(u->path)) < 0)
		return fail(u, err);
	return 0;
}

static int make_link(const struct unbundling *u, struct error *err)
{
	char target[PATH_SIZE];
	autoclose int from = -1;
	autoclose int to = -1;
	struct stat st;

	if (path_normalize(target, u->target, err) < 0 || !*target)
		return refuse(u, "is a link that may lead out of it", err);
	from = beneath_open_parent(u->into, target);
	to = from < 0 ? -1 : open_parent(u, err);
	if (from < 0 || to < 0 ||
	    fstatat(from, path_base(target), &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(u, err);
	if (!S_ISREG(st.st_mode))
		return refuse(u, "is a link to what is no file", err);
	if (linkat(from, path_base(target), to, path_base(u->path), 0) < 0)
		return fail(u, err);
	return 0;
}

static int make(struct unbundling *u, struct error *err)
{
	if (u->path[0] == '\0' && u->head.kind != UNBUNDLE_DIRECTORY)
		return refuse(u, "is no directory", err);
	switch (u->head.kind) {
	case UNBUNDLE_DIRECTORY:
		return make_directory(u, err);
	case UNBUNDLE_FILE:
		return begin_file(u, err);
	case UNBUNDLE_SYMLINK:
		return make_symlink(u, err);
	case UNBUNDLE_LINK:
		return make_link(u, err);
	default:
		return error_set(err, EPROTO, "no kind of entry");
	}
}

/* Whatever the reader has become: its words are bounded and checked. */
static int check_head(const struct unbundle_entry *head, struct error *err)
{
	if (head->path_size == 0 || head->path_size >= PATH_SIZE ||
	    head->target_size >= PATH_SIZE ||
	    (head->kind != UNBUNDLE_FILE && head->size != 0))
		return error_set(err, EPROTO, "no entry of $out");
	return 0;
}

static int begin_entry(struct unbundling *u, struct error *err)
{
	char name[PATH_SIZE];

	memcpy(name, u->text, u->head.path_size);
	name[u->head.path_size] = '\0';
	memcpy(u->target, u->text + u->head.path_size, u->head.target_size);
	u->target[u->head.target_size] = '\0';
	if (strlen(name) != u->head.path_size ||
	    strlen(u->target) != u->head.target_size)
		return error_set(err, EPROTO, "a NUL byte in a name of $out");
	if (path_normalize(u->path, name, err) < 0)
		return error_prefix(err, "'%s' in $out", name);
	if (strncmp(path_base(u->path), ".wh.", 4) == 0)
		return refuse(u, "has the name of a whiteout", err);
	return make(u, err);
}

static size_t gather(void *to, size_t *used, size_t want, const uint8_t **bytes,
		     size_t *size)
{
	size_t part = want - *used < *size ? want - *used : *size;

	memcpy((uint8_t *)to + *used, *bytes, part);
	*used += part;
	*bytes += part;
	*size -= part;
	return want - *used;
}

static int take_data(struct unbundling *u, const uint8_t **bytes, size_t *size,
		     struct error *err)
{
	size_t part = u->left < *size ? (size_t)u->left : *size;

	if (io_write(u->file, *bytes, part) < 0)
		return fail(u, err);
	u->left -= part;
	*bytes += part;
	*size -= part;
	return u->left == 0 ? end_file(u, err) : 0;
}

/* Some of an entry: its head, its text, or its data. */
static int take_some(struct unbundling *u, const uint8_t **bytes, size_t *size,
		     struct error *err)
{
	if (u->file >= 0)
		return take_data(u, bytes, size, err);
	if (u->head_used < sizeof(u->head)) {
		if (gather(&u->head, &u->head_used, sizeof(u->head), bytes,
			   size) > 0)
			return 0;
		return check_head(&u->head, err);
	}
	if (gather(u->text, &u->text_used,
		   u->head.path_size + u->head.target_size, bytes, size) > 0)
		return 0;
	u->head_used = 0;
	u->text_used = 0;
	if (begin_entry(u, err) < 0)
		return -1;
	return u->file >= 0 && u->left == 0 ? end_file(u, err) : 0;
}

static int take(void *context, const void *bytes, size_t size,
		struct error *err)
{
	const uint8_t *at = bytes;

	while (size > 0)
		if (take_some(context, &at, &size, err) < 0)
			return -1;
	return 0;
}

int unbundle(const struct unbundle *what, struct error *err)
{
	struct unbundling u = { .into = what->into, .file = -1 };
	AUTO(jail_result) result = { 0 };
	int tar = what->tar;
	const struct jail_work work = {
		.what = "what hooks left in $out",
		.work = unbundle_read,
		.context = &tar,
		.fds = &tar,
		.fd_count = 1,
		.take = take,
		.take_context = &u,
		.advance = what->advance,
		.advance_context = what->context,
	};
	int status;

	if (lseek(tar, 0, SEEK_SET) < 0)
		return error_errno(err, "read what hooks left in $out");
	status = jail_run(&work, &result, err);
	if (status == 0 && (u.file >= 0 || u.head_used > 0))
		status = error_set(err, EPROTO, "half an entry of $out");
	if (u.file >= 0)
		close(u.file);
	return status;
}
