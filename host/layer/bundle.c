/* SPDX-License-Identifier: MIT */
/* bundle.c - see bundle.h */
#include "host/layer/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"

#define BLOCK (256 * 1024) /* bytes read at a time */

struct bundle {
	struct tar tar;
	int (*advance)(void *context, uint64_t bytes);
	void *context;
	uint8_t block[BLOCK];
};

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int write_data(struct bundle *bundle, int fd, uint64_t size,
		      struct error *err)
{
	while (size > 0) {
		size_t want = size < BLOCK ? (size_t)size : BLOCK;
		ssize_t n = io_read(fd, bundle->block, want);

		if (n < 0)
			return error_errno(err, "read");
		if ((size_t)n < want)
			return error_set(err, EBUSY,
					 "it is written to meanwhile");
		if (bundle->advance && bundle->advance(bundle->context, 0) != 0)
			return error_set(err, ECANCELED, "cancelled");
		if (tar_data(&bundle->tar, bundle->block, want, err) < 0)
			return -1;
		size -= want;
	}
	return 0;
}

static int write_file(struct bundle *bundle, const char *path,
		      struct error *err)
{
	struct archive_entry *entry = bundle->tar.entry;
	autoclose int fd =
		open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "open");
	if (!S_ISREG(st.st_mode))
		return error_set(err, EBUSY, "it is replaced meanwhile");
	archive_entry_set_size(entry, st.st_size);
	if (tar_header(&bundle->tar, err) < 0)
		return -1;
	return write_data(bundle, fd, (uint64_t)st.st_size, err);
}

static int write_symlink(struct bundle *bundle, const char *path,
			 struct error *err)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n < 0)
		return error_errno(err, "read the link");
	target[n] = '\0';
	archive_entry_set_size(bundle->tar.entry, 0);
	archive_entry_copy_symlink(bundle->tar.entry, target);
	return tar_header(&bundle->tar, err);
}

static void describe(struct archive_entry *entry, const char *name,
		     const struct stat *st)
{
	archive_entry_clear(entry);
	archive_entry_copy_pathname(entry, name);
	archive_entry_set_mode(entry, st->st_mode);
	archive_entry_set_uid(entry, 0);
	archive_entry_set_gid(entry, 0);
	archive_entry_set_mtime(entry, st->st_mtim.tv_sec, 0);
	archive_entry_set_rdev(entry, st->st_rdev);
	archive_entry_set_size(entry, 0);
}

static int write_entry(struct bundle *bundle, const char *path,
		       const char *name, const struct stat *st,
		       struct error *err)
{
	describe(bundle->tar.entry, name, st);
	switch (st->st_mode & S_IFMT) {
	case S_IFREG:
		return write_file(bundle, path, err);
	case S_IFLNK:
		return write_symlink(bundle, path, err);
	case S_IFSOCK:
		return error_set(err, EINVAL, "a socket cannot be given");
	default:
		return tar_header(&bundle->tar, err);
	}
}

static int take(struct bundle *bundle, const FTSENT *found, size_t prefix,
		struct error *err)
{
	const char *name = found->fts_path + prefix;
	int status;

	while (*name == '/')
		name++;
	switch (found->fts_info) {
	case FTS_DP:
		return 0;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		errno = found->fts_errno;
		return error_errno(err, "'%s': read", name);
	default:
		break;
	}
	status = write_entry(bundle, found->fts_accpath, *name ? name : ".",
			     found->fts_statp, err);
	return status < 0 ? error_prefix(err, "'%s'", name) : 0;
}

static int walk(struct bundle *bundle, const char *path, struct error *err)
{
	char *const roots[] = { (char *)path, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
			    by_name);
	const FTSENT *found;
	int status = 0;

	if (!fts)
		return error_errno(err, "read");
	errno = 0;
	while (status == 0 && (found = fts_read(fts)) != NULL)
		status = take(bundle, found, strlen(path), err);
	if (status == 0 && errno != 0)
		status = error_errno(err, "read");
	(void)fts_close(fts);
	return status;
}

int bundle_write(const char *path, const struct tar_sink *sink,
		 int (*advance)(void *context, uint64_t bytes), void *context,
		 struct error *err)
{
	static struct bundle bundle; /* too large for a stack, one at a time */
	struct stat st;
	int status;

	bundle = (struct bundle){ .advance = advance, .context = context };
	if (stat(path, &st) < 0)
		return error_errno(err, "look for it");
	if (tar_start(&bundle.tar, sink, err) < 0)
		return -1;
	if (S_ISDIR(st.st_mode))
		status = walk(&bundle, path, err);
	else
		status = write_entry(&bundle, path, BUNDLE_FILE, &st, err);
	if (status == 0)
		status = tar_finish(&bundle.tar, err);
	tar_release(&bundle.tar);
	return status;
}
