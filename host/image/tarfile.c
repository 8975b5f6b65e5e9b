/* SPDX-License-Identifier: MIT */
/* tarfile.c - see tarfile.h */
#include "host/image/tarfile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "guest/shared/io.h"
#include "host/image/compression.h"
#include "host/image/expand.h"
#include "host/image/scan.h"

/* Put the decompressed file in the place of the compressed one. */
static int expand_source(struct source *source, enum compression compression,
			 const struct image_work *work, bool *is_expanded,
			 struct error *err)
{
	const struct expand expand = {
		.in = source->fd,
		.size = source->size,
		.compression = compression,
		.out = TARFILE_PLAIN_NAME,
	};
	AUTO(source) plain = { 0 };
	autofree char *path = NULL;

	if (expand_run(&expand, work, NULL, NULL, err) < 0)
		return -1;
	*is_expanded = true;
	if (!source_is_unchanged(source))
		return error_set(err, ESTALE, "changed while it was read");
	if (asprintf(&path, "%s/%s", work->dir_path, TARFILE_PLAIN_NAME) < 0) {
		path = NULL;
		return error_errno(err, "name the decompressed archive");
	}
	if (source_open(&plain, path, err) < 0)
		return error_prefix(err, "open '%s'", path);

	source_release(source);
	*source = plain;
	plain = (struct source){ 0 };
	return 0;
}

static int open_plain(struct source *source, const char *path,
		      const struct image_work *work, bool *is_expanded,
		      struct error *err)
{
	char head[COMPRESSION_HEAD];
	enum compression compression;
	ssize_t n;

	if (source_open(source, path, err) < 0)
		return -1;
	if (source->size == 0)
		return error_set(err, EINVAL, "is empty");

	n = io_pread(source->fd, head, sizeof(head), 0);
	if (n < 0)
		return error_errno(err, "read");
	compression = compression_of(head, (size_t)n);
	if (compression == COMPRESSION_NONE)
		return 0;
	return expand_source(source, compression, work, is_expanded, err);
}

int tarfile_open(struct tarfile *file, const char *path,
		 const struct image_work *work, struct error *err)
{
	AUTO(tarfile) new = { 0 };
	bool is_expanded = false;

	if (open_plain(&new.source, path, work, &is_expanded, err) < 0 ||
	    scan_members(&new.source, work, &new.members, &new.is_cut, err) <
		    0) {
		if (is_expanded)
			(void)unlinkat(work->dir, TARFILE_PLAIN_NAME, 0);
		return error_prefix(err, "open image '%s'", path);
	}

	*file = new;
	new = (struct tarfile){ 0 };
	return 0;
}

bool tarfile_has(const struct tarfile *file, const char *name)
{
	return members_find(&file->members, name) != NULL;
}

static const char *hint(const struct tarfile *file)
{
	return file->is_cut ? ", which is cut off" : "";
}

/* The member that a link leads to; `name` is what the user asked for. */
static int follow(const struct tarfile *file, const char *name,
		  const struct member **member, struct error *err)
{
	const struct member *link = *member;
	bool is_symlink = link->kind == MEMBER_SYMLINK;
	autofree char *target =
		member_name(is_symlink ? link->name : NULL, link->target);

	if (!target && errno == ENOMEM)
		return error_errno(err, "follow '%s'", name);
	if (!target)
		return error_set(err, EINVAL,
				 "'%s' is a link out of the archive ('%s')",
				 name, link->target);

	*member = members_find(&file->members, target);
	if (!*member)
		return error_set(err, ENOENT,
				 "'%s' is a link to '%s', which is not in the "
				 "archive%s",
				 name, target, hint(file));
	return 0;
}

static int check_kind(const struct member *member, const char *name,
		      struct error *err)
{
	switch (member->kind) {
	case MEMBER_FILE:
		return 0;
	case MEMBER_SPARSE:
		return error_set(err, EINVAL,
				 "'%s' is a sparse file, which is not read",
				 name);
	case MEMBER_SYMLINK:
	case MEMBER_HARDLINK:
		return error_set(err, ELOOP, "'%s' is a link to another link",
				 name);
	case MEMBER_OTHER:
		break;
	}
	return error_set(err, EINVAL, "'%s' is not a regular file", name);
}

int tarfile_find(const struct tarfile *file, const char *name,
		 const struct member **member, struct error *err)
{
	autofree char *clean = member_name(NULL, name);
	const struct member *found;

	if (!clean && errno == ENOMEM)
		return error_errno(err, "find '%s'", name);
	if (!clean)
		return error_set(err, EINVAL,
				 "'%s' is not a name within the archive", name);
	found = members_find(&file->members, clean);
	if (!found)
		return error_set(err, ENOENT, "'%s' is not in the archive%s",
				 name, hint(file));

	if (found->kind == MEMBER_SYMLINK &&
	    follow(file, name, &found, err) < 0)
		return -1;
	if (found->kind == MEMBER_HARDLINK &&
	    follow(file, name, &found, err) < 0)
		return -1;
	if (check_kind(found, name, err) < 0)
		return -1;
	*member = found;
	return 0;
}

int tarfile_read(const struct tarfile *file, const char *name, size_t limit,
		 char **bytes, size_t *size, struct error *err)
{
	const struct member *member;
	autofree char *buffer = NULL;
	ssize_t n;

	if (tarfile_find(file, name, &member, err) < 0)
		return -1;
	if (member->size > limit)
		return error_set(err, EFBIG,
				 "'%s' has %" PRIu64 " bytes, more than %zu",
				 name, member->size, limit);
	buffer = malloc((size_t)member->size + 1);
	if (!buffer)
		return error_errno(err, "read '%s'", name);
	n = io_pread(file->source.fd, buffer, (size_t)member->size,
		     member->offset);
	if (n < 0)
		return error_errno(err, "read '%s'", name);
	if ((uint64_t)n < member->size)
		return error_set(err, EINVAL, "'%s' ends too early", name);

	buffer[n] = '\0';
	*bytes = take_pointer(&buffer);
	*size = (size_t)n;
	return 0;
}

void tarfile_release(struct tarfile *file)
{
	source_release(&file->source);
	members_release(&file->members);
	*file = (struct tarfile){ 0 };
}
