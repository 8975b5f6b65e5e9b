/* SPDX-License-Identifier: MIT */
/* initramfs_pack.c - the tree as a cpio archive, see initramfs.h */
#include "images/initramfs.h"

#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

/* Bytewise: "usr" comes before "usr/bin", so parents before children. */
static int by_path(const void *a, const void *b)
{
	const struct initramfs_entry *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static int write_failed(struct archive *a, struct error *err)
{
	return error_set(err, archive_errno(a), "write the initramfs: %s",
			 archive_error_string(a));
}

/* Numbers that would come from a disk are made up, so that they are steady. */
static void describe(struct archive_entry *out, const struct initramfs_entry *e,
		     size_t number)
{
	archive_entry_clear(out);
	archive_entry_set_pathname(out, e->path);
	archive_entry_set_mode(out, e->mode);
	archive_entry_set_ino64(out, (la_int64_t)number + 1);
	archive_entry_set_nlink(out, S_ISDIR(e->mode) ? 2 : 1);
	archive_entry_set_uid(out, 0);
	archive_entry_set_gid(out, 0);
	archive_entry_set_mtime(out, 0, 0);
	archive_entry_set_devmajor(out, 0);
	archive_entry_set_devminor(out, 0);
	archive_entry_set_size(out, (la_int64_t)e->content.size);
	if (S_ISLNK(e->mode))
		archive_entry_set_symlink(out, e->target);
	if (S_ISCHR(e->mode)) {
		archive_entry_set_rdevmajor(out, e->major);
		archive_entry_set_rdevminor(out, e->minor);
	}
}

static int write_entries(const struct initramfs *fs, struct archive *a,
			 struct archive_entry *out, struct error *err)
{
	for (size_t i = 0; i < fs->count; i++) {
		const struct blob *content = &fs->entry[i].content;

		describe(out, &fs->entry[i], i);
		if (archive_write_header(a, out) != ARCHIVE_OK ||
		    (content->size > 0 &&
		     archive_write_data(a, content->data, content->size) !=
			     (la_ssize_t)content->size))
			return write_failed(a, err);
	}
	return archive_write_close(a) == ARCHIVE_OK ? 0 : write_failed(a, err);
}

/* Room enough: a header is 110 bytes, and all is padded to 4. */
static size_t room_for(const struct initramfs *fs)
{
	size_t room = 64 * 1024;

	for (size_t i = 0; i < fs->count; i++)
		room += 256 + strlen(fs->entry[i].path) +
			(fs->entry[i].target ? strlen(fs->entry[i].target)
					     : 0) +
			fs->entry[i].content.size;
	return room;
}

static int pack(const struct initramfs *fs, struct blob *b, size_t room,
		struct error *err)
{
	struct archive *a = archive_write_new();
	struct archive_entry *out = archive_entry_new();
	int result = -1;

	if (!a || !out)
		error_set(err, ENOMEM, "write the initramfs: out of memory");
	else if (archive_write_set_format_cpio_newc(a) != ARCHIVE_OK ||
		 archive_write_add_filter_none(a) != ARCHIVE_OK ||
		 archive_write_set_bytes_in_last_block(a, 512) != ARCHIVE_OK ||
		 archive_write_open_memory(a, b->data, room, &b->size) !=
			 ARCHIVE_OK)
		write_failed(a, err);
	else
		result = write_entries(fs, a, out, err);

	archive_entry_free(out);
	archive_write_free(a);
	return result;
}

int initramfs_pack(struct initramfs *fs, struct blob *archive,
		   struct error *err)
{
	AUTO(blob) b = { 0 };
	size_t room = room_for(fs);

	qsort(fs->entry, fs->count, sizeof(*fs->entry), by_path);
	b.data = malloc(room + 1);
	if (!b.data)
		return error_errno(err, "write the initramfs");
	if (pack(fs, &b, room, err) < 0)
		return -1;

	b.data[b.size] = '\0';
	*archive = b;
	b = (struct blob){ 0 };
	return 0;
}
