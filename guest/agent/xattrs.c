/* SPDX-License-Identifier: MIT */
/* xattrs.c - see xattrs.h */
#include "guest/agent/xattrs.h"

#include <linux/limits.h>
#include <string.h>
#include <sys/xattr.h>

#include "guest/shared/overlay_note.h"

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct layer_xattr *)a)->name,
		      ((const struct layer_xattr *)b)->name);
}

static int add(struct xattrs *xattrs, const char *name)
{
	if (xattrs->count == xattrs->room) {
		size_t room = xattrs->room ? xattrs->room * 2 : 16;
		struct layer_xattr *list =
			realloc(xattrs->list, room * sizeof(*list));

		if (!list)
			return -1;
		xattrs->list = list;
		xattrs->room = room;
	}
	xattrs->list[xattrs->count++] = (struct layer_xattr){ .name = name };
	return 0;
}

int xattrs_list(struct xattrs *xattrs, const char *file, struct error *err)
{
	ssize_t length;

	xattrs->count = 0;
	if (!xattrs->names)
		xattrs->names = malloc(XATTR_LIST_MAX);
	if (!xattrs->names)
		return error_errno(err, "list xattrs");
	length = llistxattr(file, xattrs->names, XATTR_LIST_MAX);
	if (length < 0 && errno == EOPNOTSUPP)
		return 0;
	if (length < 0)
		return error_errno(err, "list xattrs");

	for (ssize_t at = 0; at < length;) {
		const char *name = xattrs->names + at;

		if (add(xattrs, name) < 0)
			return error_errno(err, "list xattrs");
		at += (ssize_t)strlen(name) + 1;
	}
	if (xattrs->count > 1)
		qsort(xattrs->list, xattrs->count, sizeof(*xattrs->list),
		      compare);
	return 0;
}

static int grow_values(struct xattrs *xattrs, size_t used)
{
	size_t room = 2 * (used + XATTR_SIZE_MAX);
	char *values;

	if (xattrs->values_room - used >= XATTR_SIZE_MAX)
		return 0;
	values = realloc(xattrs->values, room);
	if (!values)
		return -1;
	xattrs->values = values;
	xattrs->values_room = room;
	return 0;
}

int xattrs_read(struct xattrs *xattrs, const char *file, struct error *err)
{
	size_t used = 0;

	if (xattrs_list(xattrs, file, err) < 0)
		return -1;
	for (size_t i = 0; i < xattrs->count; i++) {
		struct layer_xattr *xattr = &xattrs->list[i];
		ssize_t size;

		if (grow_values(xattrs, used) < 0)
			return error_errno(err, "read xattr '%s'", xattr->name);
		size = lgetxattr(file, xattr->name, xattrs->values + used,
				 XATTR_SIZE_MAX);
		if (size < 0)
			return error_errno(err, "read xattr '%s'", xattr->name);
		xattr->size = (size_t)size;
		used += (size_t)size;
	}
	/* Only now, as the values moved while they grew. */
	used = 0;
	for (size_t i = 0; i < xattrs->count; i++) {
		xattrs->list[i].value = xattrs->values + used;
		used += xattrs->list[i].size;
	}
	return 0;
}

void xattrs_drop_local(struct xattrs *xattrs)
{
	size_t kept = 0;

	for (size_t i = 0; i < xattrs->count; i++)
		if (!overlay_is_local(xattrs->list[i].name))
			xattrs->list[kept++] = xattrs->list[i];
	xattrs->count = kept;
}

void xattrs_release(struct xattrs *xattrs)
{
	free(xattrs->list);
	free(xattrs->names);
	free(xattrs->values);
	*xattrs = (struct xattrs){ 0 };
}
