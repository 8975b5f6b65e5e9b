/* SPDX-License-Identifier: MIT */
/* store.c - see store.h */
#include "host/image/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/io.h"

int store_open(struct store *store, const char *path,
	       const struct image_work *work, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_errno(err, "open image '%s'", path);
	if (!S_ISDIR(st.st_mode))
		return tarfile_open(&store->file, path, work, err);
	store->dir = strdup(path);
	return store->dir ? 0 : error_errno(err, "open image '%s'", path);
}

static int open_file(const struct store *store, const char *name,
		     struct source *source, struct error *err)
{
	autofree char *clean = member_name(NULL, name);
	autofree char *path = NULL;

	if (!clean)
		return error_set(err, EINVAL,
				 "'%s' is not a name within the directory",
				 name);
	if (asprintf(&path, "%s/%s", store->dir, clean) < 0) {
		path = NULL;
		return error_errno(err, "find '%s'", name);
	}
	if (source_open(source, path, err) < 0)
		return error_prefix(err, "open '%s'", name);
	return 0;
}

bool store_has(const struct store *store, const char *name)
{
	AUTO(source) source = { 0 };
	struct error ignored;

	if (!store->dir)
		return tarfile_has(&store->file, name);
	return open_file(store, name, &source, &ignored) == 0;
}

int store_find(const struct store *store, const char *name,
	       struct stored *stored, struct error *err)
{
	const struct member *member;

	*stored = (struct stored){ 0 };
	if (store->dir) {
		if (open_file(store, name, &stored->source, err) < 0)
			return -1;
		stored->fd = stored->source.fd;
		stored->size = stored->source.size;
		return 0;
	}
	if (tarfile_find(&store->file, name, &member, err) < 0)
		return -1;
	stored->fd = store->file.source.fd;
	stored->offset = member->offset;
	stored->size = member->size;
	return 0;
}

int store_read(const struct store *store, const char *name, size_t limit,
	       char **bytes, size_t *size, struct error *err)
{
	AUTO(stored) stored = { 0 };
	autofree char *buffer = NULL;
	ssize_t n;

	if (store_find(store, name, &stored, err) < 0)
		return -1;
	if (stored.size > limit)
		return error_set(err, EFBIG,
				 "'%s' has %" PRIu64 " bytes, more than %zu",
				 name, stored.size, limit);
	buffer = malloc((size_t)stored.size + 1);
	if (!buffer)
		return error_errno(err, "read '%s'", name);
	n = io_pread(stored.fd, buffer, (size_t)stored.size, stored.offset);
	if (n < 0)
		return error_errno(err, "read '%s'", name);
	if ((uint64_t)n < stored.size)
		return error_set(err, EINVAL, "'%s' ends too early", name);
	buffer[n] = '\0';
	*bytes = take_pointer(&buffer);
	*size = (size_t)n;
	return 0;
}

void stored_release(struct stored *stored)
{
	source_release(&stored->source);
	*stored = (struct stored){ 0 };
}

void store_release(struct store *store)
{
	tarfile_release(&store->file);
	free(store->dir);
	*store = (struct store){ 0 };
}
