/* SPDX-License-Identifier: MIT */
/* layer_lower.c - see layer_lower.h */
#include "guest/shared/layer_lower.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "guest/shared/beneath.h"
#include "guest/shared/path.h"

#define OVERLAY_PREFIX "trusted.overlay."

static int open_root(struct layer_lower *lower, struct error *err)
{
	if (lower->asked || !lower->open)
		return 0;
	lower->asked = true;
	*err = (struct error){ 0 };
	lower->root = lower->open(lower->context, err);
	if (lower->root < 0 && err->code != 0)
		return error_prefix(err, "open the layers below");
	return 0;
}

/* 1: there is one and *fd is it. */
static int open_directory(struct layer_lower *lower, const char *path, int *fd,
			  struct error *err)
{
	if (open_root(lower, err) < 0)
		return -1;
	if (lower->root < 0)
		return 0;
	*fd = beneath_open(lower->root, path, O_RDONLY | O_DIRECTORY);
	if (*fd >= 0)
		return 1;
	if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
		return 0;
	return error_errno(err, "open it in the layers below");
}

/* All names, each with its NUL, and then room for `more` bytes. */
static int list_names(int fd, size_t *names_size, char **names,
		      struct error *err)
{
	ssize_t size = flistxattr(fd, NULL, 0);

	*names_size = 0;
	if (size < 0 && errno == ENOTSUP)
		return 0;
	if (size < 0)
		return error_errno(err, "list xattrs in the layers below");
	*names = malloc((size_t)size + 1);
	if (!*names)
		return error_errno(err, "list xattrs in the layers below");
	size = flistxattr(fd, *names, (size_t)size);
	if (size < 0)
		return error_errno(err, "list xattrs in the layers below");
	*names_size = (size_t)size;
	return 0;
}

static int read_value(int fd, struct layer_xattr *xattr, struct error *err)
{
	ssize_t size = fgetxattr(fd, xattr->name, NULL, 0);
	void *value = size < 0 ? NULL : malloc((size_t)size + 1);

	if (value)
		size = fgetxattr(fd, xattr->name, value, (size_t)size);
	if (!value || size < 0) {
		(void)error_errno(err, "read xattr '%s' in the layers below",
				  xattr->name);
		free(value);
		return -1;
	}
	xattr->value = value;
	xattr->size = (size_t)size;
	return 0;
}

static size_t count_names(const char *names, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += names[i] == '\0';
	return count;
}

static int read_xattrs(int fd, struct layer_attributes *attributes,
		       struct error *err)
{
	struct layer_entry *entry = &attributes->entry;
	size_t size;

	if (list_names(fd, &size, &attributes->bytes, err) < 0)
		return -1;
	if (size == 0)
		return 0;
	attributes->xattrs = calloc(count_names(attributes->bytes, size),
				    sizeof(*attributes->xattrs));
	if (!attributes->xattrs)
		return error_errno(err, "list xattrs in the layers below");
	entry->xattrs = attributes->xattrs;
	for (const char *name = attributes->bytes;
	     name < attributes->bytes + size; name += strlen(name) + 1) {
		struct layer_xattr *xattr =
			&attributes->xattrs[entry->xattr_count];

		if (strncmp(name, OVERLAY_PREFIX, strlen(OVERLAY_PREFIX)) == 0)
			continue;
		xattr->name = name;
		if (read_value(fd, xattr, err) < 0)
			return -1;
		entry->xattr_count++;
	}
	return 0;
}

int layer_lower_read(struct layer_lower *lower, const char *path,
		     struct layer_attributes *attributes, struct error *err)
{
	autoclose int fd = -1;
	int there = open_directory(lower, path, &fd, err);
	struct stat st;

	if (there <= 0)
		return there;
	if (fstat(fd, &st) < 0)
		return error_errno(err, "stat it in the layers below");
	attributes->entry = (struct layer_entry){
		.path = path,
		.mode = st.st_mode,
		.uid = st.st_uid,
		.gid = st.st_gid,
		.mtime = st.st_mtim,
	};
	if (read_xattrs(fd, attributes, err) < 0)
		return -1;
	attributes->found = true;
	return 0;
}

int layer_lower_has(struct layer_lower *lower, const char *path, bool *has,
		    struct error *err)
{
	autoclose int parent = -1;
	struct stat st;

	*has = !lower->open;
	if (open_root(lower, err) < 0)
		return -1;
	if (lower->root < 0)
		return 0;
	parent = beneath_open_parent(lower->root, path);
	*has = parent >= 0 &&
	       fstatat(parent, path_base(path), &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!*has && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		return error_errno(err, "look for it in the layers below");
	return 0;
}

void layer_attributes_release(struct layer_attributes *attributes)
{
	for (size_t i = 0; i < attributes->entry.xattr_count; i++)
		free((void *)attributes->xattrs[i].value);
	free(attributes->xattrs);
	free(attributes->bytes);
	*attributes = (struct layer_attributes){ 0 };
}

void layer_lower_release(struct layer_lower *lower)
{
	if (lower->root >= 0)
		(void)close(lower->root);
	lower->root = -1;
}
