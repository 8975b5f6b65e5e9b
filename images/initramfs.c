/* SPDX-License-Identifier: MIT */
/* initramfs.c - see initramfs.h */
#include "images/initramfs.h"

#include <string.h>
#include <sys/stat.h>

static void entry_release(struct initramfs_entry *e)
{
	free(e->path);
	free(e->target);
	blob_release(&e->content);
	*e = (struct initramfs_entry){ 0 };
}

DEFINE_AUTO(initramfs_entry, entry_release)

static const struct initramfs_entry *find(const struct initramfs *fs,
					  const char *path)
{
	for (size_t i = 0; i < fs->count; i++)
		if (strcmp(fs->entry[i].path, path) == 0)
			return &fs->entry[i];
	return NULL;
}

bool initramfs_has(const struct initramfs *fs, const char *path)
{
	return find(fs, path) != NULL;
}

/* Takes *e over on success. */
static int append(struct initramfs *fs, struct initramfs_entry *e,
		  struct error *err)
{
	struct initramfs_entry *grown =
		reallocarray(fs->entry, fs->count + 1, sizeof(*grown));

	if (!grown)
		return error_errno(err, "add '%s' to the initramfs", e->path);
	fs->entry = grown;
	fs->entry[fs->count++] = *e;
	*e = (struct initramfs_entry){ 0 };
	return 0;
}

static int add_parents(struct initramfs *fs, const char *path,
		       struct error *err)
{
	const char *slash = strrchr(path, '/');
	autofree char *parent = NULL;

	if (!slash)
		return 0;
	parent = strndup(path, (size_t)(slash - path));
	if (!parent)
		return error_errno(err, "add '%s' to the initramfs", path);
	return initramfs_add_directory(fs, parent, 0755, err);
}

static int add(struct initramfs *fs, struct initramfs_entry *e,
	       const char *path, struct error *err)
{
	if (initramfs_has(fs, path))
		return error_set(err, EEXIST,
				 "'%s' is in the initramfs "
				 "already",
				 path);
	e->path = strdup(path);
	if (!e->path)
		return error_errno(err, "add '%s' to the initramfs", path);
	if (add_parents(fs, path, err) < 0)
		return -1;
	return append(fs, e, err);
}

int initramfs_add_directory(struct initramfs *fs, const char *path,
			    mode_t permissions, struct error *err)
{
	AUTO(initramfs_entry) e = { .mode = S_IFDIR | permissions };
	const struct initramfs_entry *there = find(fs, path);

	if (there && S_ISDIR(there->mode))
		return 0;
	return add(fs, &e, path, err);
}

int initramfs_add_link(struct initramfs *fs, const char *path,
		       const char *target, struct error *err)
{
	AUTO(initramfs_entry) e = { .mode = S_IFLNK | 0777 };

	e.target = strdup(target);
	if (!e.target)
		return error_errno(err, "add '%s' to the initramfs", path);
	return add(fs, &e, path, err);
}

int initramfs_add_character_device(struct initramfs *fs, const char *path,
				   mode_t permissions, unsigned major,
				   unsigned minor, struct error *err)
{
	AUTO(initramfs_entry)
	e = { .mode = S_IFCHR | permissions, .major = major, .minor = minor };

	return add(fs, &e, path, err);
}

int initramfs_add_file(struct initramfs *fs, const char *path,
		       mode_t permissions, struct blob *content,
		       struct error *err)
{
	AUTO(initramfs_entry) e = { .mode = S_IFREG | permissions };

	e.content = *content;
	if (add(fs, &e, path, err) < 0) {
		e.content = (struct blob){ 0 }; /* still the caller's */
		return -1;
	}
	*content = (struct blob){ 0 };
	return 0;
}

int initramfs_add_text(struct initramfs *fs, const char *path, const char *text,
		       struct error *err)
{
	AUTO(blob) content = { 0 };

	if (blob_copy(&content, text, strlen(text), err) < 0)
		return -1;
	return initramfs_add_file(fs, path, 0644, &content, err);
}

void initramfs_release(struct initramfs *fs)
{
	for (size_t i = 0; i < fs->count; i++)
		entry_release(&fs->entry[i]);
	free(fs->entry);
	*fs = (struct initramfs){ 0 };
}
