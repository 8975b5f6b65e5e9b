/* SPDX-License-Identifier: MIT */
/* unbundle_read.c - see unbundle_wire.h: in the jail */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/path.h"
#include "host/layer/unbundle_wire.h"

#define BLOCK 65536 /* bytes */

static int say(struct archive *archive, struct error *err)
{
	const char *text = archive_error_string(archive);

	return error_set(err, EINVAL, "what hooks left in $out: %s",
			 text ? text : "no tar");
}

/* -1 for what is none of the kinds. */
static int kind_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry))
		return UNBUNDLE_LINK;
	switch (archive_entry_filetype(entry)) {
	case AE_IFDIR:
		return UNBUNDLE_DIRECTORY;
	case AE_IFREG:
		return UNBUNDLE_FILE;
	case AE_IFLNK:
		return UNBUNDLE_SYMLINK;
	default:
		return -1;
	}
}

static const char *target_of(struct archive_entry *entry, int kind)
{
	const char *target = NULL;

	if (kind == UNBUNDLE_LINK)
		target = archive_entry_hardlink(entry);
	else if (kind == UNBUNDLE_SYMLINK)
		target = archive_entry_symlink(entry);
	return target ? target : "";
}

static int put_data(struct jail *jail, struct archive *archive, uint64_t size,
		    struct error *err)
{
	char block[BLOCK];

	while (size > 0) {
		size_t want = size < BLOCK ? (size_t)size : BLOCK;
		la_ssize_t n = archive_read_data(archive, block, want);

		if (n < 0)
			return say(archive, err);
		if (n == 0)
			return error_set(err, EINVAL,
					 "what hooks left in $out: it ends "
					 "early");
		if (jail_put(jail, block, (size_t)n, err) < 0)
			return -1;
		(void)jail_tick(jail, (uint64_t)n);
		size -= (uint64_t)n;
	}
	return 0;
}

static int put_entry(struct jail *jail, struct archive *archive,
		     struct archive_entry *entry, struct error *err)
{
	const char *path = archive_entry_pathname(entry);
	int kind = kind_of(entry);
	const char *target = target_of(entry, kind);
	struct unbundle_entry head = {
		.kind = (uint32_t)kind,
		.mode = archive_entry_perm(entry),
		.mtime = archive_entry_mtime(entry),
		.size = kind == UNBUNDLE_FILE
				? (uint64_t)archive_entry_size(entry)
				: 0,
	};

	if (!path || kind < 0)
		return error_set(err, EINVAL,
				 "'%s' in $out is neither a file nor a "
				 "directory nor a link",
				 path ? path : "");
	if (strlen(path) >= PATH_SIZE || strlen(target) >= PATH_SIZE)
		return error_set(err, ENAMETOOLONG, "'%.64s...' in $out", path);
	head.path_size = (uint32_t)strlen(path);
	head.target_size = (uint32_t)strlen(target);
	if (jail_put(jail, &head, sizeof(head), err) < 0 ||
	    jail_put(jail, path, head.path_size, err) < 0 ||
	    jail_put(jail, target, head.target_size, err) < 0)
		return -1;
	return put_data(jail, archive, head.size, err);
}

int unbundle_read(struct jail *jail, void *context, struct error *err)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	int status = 0;
	int next = ARCHIVE_OK;

	if (!archive)
		return error_set(err, ENOMEM, "out of memory");
	(void)archive_read_support_format_tar(archive);
	if (archive_read_open_fd(archive, *(int *)context, BLOCK) != ARCHIVE_OK)
		status = say(archive, err);
	while (status == 0 &&
	       (next = archive_read_next_header(archive, &entry)) == ARCHIVE_OK)
		status = put_entry(jail, archive, entry, err);
	if (status == 0 && next != ARCHIVE_EOF)
		status = say(archive, err);
	(void)archive_read_free(archive);
	return status;
}
