/* SPDX-License-Identifier: MIT */
/* census_walk.c - see census_walk.h */
#include "guest/agent/census_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XXH_STATIC_LINKING_ONLY /* its state, to have it on the stack */
#include <xxhash.h>

#include "guest/shared/links.h"
#include "guest/agent/walk.h"
#include "guest/agent/xattrs.h"
#include "guest/shared/beneath.h"
#include "guest/shared/frame.h"
#include "guest/shared/io.h"
#include "guest/shared/census.h"

#define CHUNK 262144 /* bytes: 256 KiB, of a file at once, and of a frame */

struct taker {
	struct walk walk;
	struct xattrs xattrs;
	struct links links;
	char *buffer; /* owned */
	int channel;
	int upper;  /* borrowed */
	char *text; /* owned; of what waits */
	size_t text_size;
	FILE *out; /* to `text` */
};

static void taker_release(struct taker *taker)
{
	if (taker->out)
		(void)fclose(taker->out);
	free(taker->text);
	free(taker->buffer);
	links_release(&taker->links);
	xattrs_release(&taker->xattrs);
	walk_release(&taker->walk);
}

DEFINE_AUTO(taker, taker_release)

/* Send what waits, and begin anew. */
static int flush(struct taker *taker, struct error *err)
{
	int status;

	if (taker->out && fclose(taker->out) != 0) {
		taker->out = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	taker->out = NULL;
	status = taker->text_size > 0
			 ? frame_send(taker->channel, FRAME_CENSUS, taker->text,
				      taker->text_size, err)
			 : 0;
	free(taker->text);
	taker->text = NULL;
	taker->text_size = 0;
	if (status < 0)
		return -1;
	taker->out = open_memstream(&taker->text, &taker->text_size);
	return taker->out ? 0 : error_set(err, ENOMEM, "out of memory");
}

static int hash_file(struct taker *taker, const char *name,
		     struct layer_entry *entry, uint64_t *xxh64,
		     struct error *err)
{
	autoclose int fd = openat(taker->walk.fd, name,
				  O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
					  O_NOATIME | O_CLOEXEC);
	XXH64_state_t hash;
	ssize_t n;

	if (fd < 0)
		return error_errno(err, "open");
	(void)XXH64_reset(&hash, 0);
	entry->size = 0;
	while ((n = io_read(fd, taker->buffer, CHUNK)) > 0) {
		(void)XXH64_update(&hash, taker->buffer, (size_t)n);
		entry->size += (uint64_t)n;
	}
	if (n < 0)
		return error_errno(err, "read");
	*xxh64 = XXH64_digest(&hash);
	return 0;
}

static int read_xattrs(struct taker *taker, const char *name,
		       struct layer_entry *entry, struct error *err)
{
	struct xattrs *xattrs = &taker->xattrs;

	if (xattrs_read(xattrs, name, err) < 0)
		return -1;
	xattrs_drop_local(xattrs);
	entry->xattrs = xattrs->list;
	entry->xattr_count = xattrs->count;
	return 0;
}

/*
 * Which inode a name stands for. overlayfs gives two names of one file in the
 * upper directory different numbers if one of them is below it too (Linux,
 * overlayfs.rst, "Inode properties"): so what is there is asked there.
 */
static void find_inode(struct taker *taker, const char *path, struct stat *st)
{
	autoclose int fd = beneath_open(taker->upper, path, O_PATH);
	struct stat upper;

	if (fd >= 0 && fstat(fd, &upper) == 0 && S_ISREG(upper.st_mode))
		*st = upper;
}

/* The layers of a merged tree are file systems of their own: an inode is
 * known by its number and by that of its device, both below 2^32. */
static int see_link(struct taker *taker, const struct stat *merged,
		    const char *path, const char **first, struct error *err)
{
	struct stat st = *merged;
	ino_t key;

	*first = NULL;
	if (!S_ISREG(st.st_mode))
		return 0;
	find_inode(taker, path, &st);
	key = ((ino_t)st.st_dev << 32) | (st.st_ino & 0xffffffff);
	if (st.st_nlink > 1 && links_see(&taker->links, key, path, first) < 0)
		return error_errno(err, "remember");
	return 0;
}

/* `file` is NULL for the directory that the walk is in. */
static int count(struct taker *taker, const char *file, const struct stat *st,
		 struct error *err)
{
	char target[PATH_MAX] = "";
	const char *name = file ? file : ".";
	struct layer_entry entry = {
		.path = walk_path(&taker->walk, file),
		.mode = st->st_mode,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.mtime = st->st_mtim,
		.rdev = st->st_rdev,
		.target = target,
	};
	const char *first;
	uint64_t xxh64 = 0;

	if (S_ISLNK(st->st_mode) &&
	    readlinkat(taker->walk.fd, name, target, sizeof(target) - 1) < 0)
		return error_errno(err, "read the link");
	if (see_link(taker, st, entry.path, &first, err) < 0 ||
	    read_xattrs(taker, name, &entry, err) < 0)
		return -1;
	if (S_ISREG(st->st_mode) &&
	    hash_file(taker, name, &entry, &xxh64, err) < 0)
		return -1;
	census_print(&entry, xxh64, first, taker->out);
	if (fflush(taker->out) != 0)
		return error_set(err, ENOMEM, "out of memory");
	return taker->text_size < CHUNK ? 0 : flush(taker, err);
}

static int count_directory(struct taker *taker, struct error *err)
{
	return count(taker, NULL, &walk_level(&taker->walk)->st, err);
}

static int count_name(struct taker *taker, const char *name, struct error *err)
{
	struct stat st;

	if (fstatat(taker->walk.fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		/* overlayfs lists whiteouts within opaque directories. */
		return errno == ENOENT ? 0 : error_errno(err, "stat");
	if (S_ISSOCK(st.st_mode))
		return 0;
	return count(taker, name, &st, err);
}

static int count_next(struct taker *taker, const struct name *name,
		      struct error *err)
{
	int status;

	if (name->type == DT_DIR) {
		if (walk_enter(&taker->walk, name->bytes, err) < 0)
			return -1;
		status = count_directory(taker, err);
		return status < 0 ? error_prefix(err, "'%s'",
						 walk_say(&taker->walk, NULL))
				  : 0;
	}
	status = count_name(taker, name->bytes, err);
	return status < 0 ? error_prefix(err, "'%s'",
					 walk_say(&taker->walk, name->bytes))
			  : 0;
}

static int count_tree(struct taker *taker, struct error *err)
{
	if (count_directory(taker, err) < 0)
		return error_prefix(err, "'.'");
	for (;;) {
		const struct name *name = walk_next(&taker->walk);

		if (name) {
			if (count_next(taker, name, err) < 0)
				return -1;
		} else if (taker->walk.depth == 1) {
			return flush(taker, err);
		} else if (walk_leave(&taker->walk, err) < 0) {
			return -1;
		}
	}
}

int census_walk_send(int root, int upper, int channel, struct error *err)
{
	AUTO(taker) taker = { .channel = channel, .upper = upper };

	taker.buffer = malloc(CHUNK);
	if (!taker.buffer)
		return error_set(err, ENOMEM, "out of memory");
	if (flush(&taker, err) < 0 || walk_start(&taker.walk, root, err) < 0)
		return -1;
	return count_tree(&taker, err);
}
