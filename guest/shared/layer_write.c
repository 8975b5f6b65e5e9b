/* SPDX-License-Identifier: MIT */
/* layer_write.c - see layer_write.h */
#include "guest/shared/layer_write.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/overlay_note.h"

/* libarchive up to 3.6 reads no pax header above 1 MiB; the rest of it is for
 * what else a header says. */
#define XATTRS_MAX 1000000 /* bytes of one file, names and values */

int layer_write_start(struct layer_write *write,
		      const struct layer_write_options *options,
		      const struct tar_sink *sink, struct error *err)
{
	write->options = *options;
	return tar_start(&write->tar, sink, err);
}

static void set_metadata(struct layer_write *write,
			 const struct layer_entry *from)
{
	const struct layer_write_options *options = &write->options;
	struct archive_entry *entry = write->tar.entry;
	int64_t mtime = from->mtime.tv_sec;

	if (options->has_clamp && mtime > options->clamp)
		mtime = options->clamp;
	archive_entry_clear(entry);
	/* libarchive adds the slash to other directories. */
	archive_entry_copy_pathname(entry, *from->path ? from->path : "./");
	archive_entry_set_mode(entry, from->mode);
	archive_entry_set_uid(entry, from->uid);
	archive_entry_set_gid(entry, from->gid);
	archive_entry_set_mtime(entry, mtime, 0);
	archive_entry_set_size(entry, 0);
	if (S_ISCHR(from->mode) || S_ISBLK(from->mode))
		archive_entry_set_rdev(entry, from->rdev);
}

/* libarchive writes other bytes as %XX, which readers do not undo. */
static bool has_plain_name(const struct layer_xattr *xattr)
{
	for (const char *c = xattr->name; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '%' || *c == '=')
			return false;
	return true;
}

/* Backwards, as libarchive turns their order round. */
static int set_xattrs(struct layer_write *write, const struct layer_entry *from,
		      struct error *err)
{
	size_t bytes = 0;

	for (size_t i = from->xattr_count; i-- > 0;) {
		const struct layer_xattr *xattr = &from->xattrs[i];

		if (overlay_is_local(xattr->name))
			continue;
		if (!has_plain_name(xattr))
			return error_set(err, EINVAL,
					 "a layer cannot hold "
					 "xattr '%s'",
					 xattr->name);
		bytes += strlen(xattr->name) + xattr->size;
		archive_entry_xattr_add_entry(write->tar.entry, xattr->name,
					      xattr->value, xattr->size);
	}
	if (bytes > XATTRS_MAX)
		return error_set(err, EINVAL,
				 "%zu bytes of xattrs, more than "
				 "%d",
				 bytes, XATTRS_MAX);
	return 0;
}

int layer_write_marker(struct layer_write *write, const char *path,
		       struct error *err)
{
	const struct layer_entry marker = { .path = path,
					    .mode = S_IFREG | 0644 };

	set_metadata(write, &marker);
	return tar_header(&write->tar, err);
}

int layer_write_seen(struct layer_write *write, ino_t inode, const char *path,
		     const char **first, struct error *err)
{
	int seen;

	*first = NULL;
	seen = links_see(&write->links, inode, path, first);
	return seen < 0 ? error_errno(err, "remember a hard link") : seen;
}

int layer_write_link(struct layer_write *write, const struct layer_entry *entry,
		     const char *first, struct error *err)
{
	set_metadata(write, entry);
	archive_entry_copy_hardlink(write->tar.entry, first);
	return tar_header(&write->tar, err);
}

int layer_write_entry(struct layer_write *write,
		      const struct layer_entry *entry, struct error *err)
{
	set_metadata(write, entry);
	if (S_ISREG(entry->mode))
		archive_entry_set_size(write->tar.entry, (int64_t)entry->size);
	if (S_ISLNK(entry->mode))
		archive_entry_copy_symlink(write->tar.entry, entry->target);
	if (set_xattrs(write, entry, err) < 0)
		return -1;
	return tar_header(&write->tar, err);
}

/* The next that a layer has, from *at on; NULL after the last. */
static const struct layer_xattr *next_xattr(const struct layer_entry *entry,
					    size_t *at)
{
	while (*at < entry->xattr_count &&
	       overlay_is_local(entry->xattrs[*at].name))
		(*at)++;
	return *at < entry->xattr_count ? &entry->xattrs[(*at)++] : NULL;
}

static bool same_xattrs(const struct layer_entry *a,
			const struct layer_entry *b)
{
	size_t i = 0, j = 0;

	for (;;) {
		const struct layer_xattr *x = next_xattr(a, &i);
		const struct layer_xattr *y = next_xattr(b, &j);

		if (!x || !y)
			return x == y;
		if (strcmp(x->name, y->name) != 0 || x->size != y->size ||
		    memcmp(x->value, y->value, x->size) != 0)
			return false;
	}
}

bool layer_write_same(const struct layer_entry *a, const struct layer_entry *b)
{
	return a->mode == b->mode && a->uid == b->uid && a->gid == b->gid &&
	       a->mtime.tv_sec == b->mtime.tv_sec &&
	       a->mtime.tv_nsec == b->mtime.tv_nsec && same_xattrs(a, b);
}

int layer_write_finish(struct layer_write *write, struct error *err)
{
	return tar_finish(&write->tar, err);
}

void layer_write_release(struct layer_write *write)
{
	links_release(&write->links);
	tar_release(&write->tar);
}
