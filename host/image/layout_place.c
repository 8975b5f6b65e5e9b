/* SPDX-License-Identifier: MIT */
/* layout_place.c - see layout_place.h */
#include "host/image/layout_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "host/image/document.h"
#include "host/image/oci_layout.h"

#define VERSION_MAX 4096 /* bytes */

int layout_read_document(int dir, const char *name, size_t max,
			 struct json_object **document, struct error *err)
{
	autoclose int fd =
		openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	autofree char *bytes = malloc(max + 1);
	ssize_t size;

	if (!bytes)
		return error_set(err, ENOMEM, "out of memory");
	size = fd < 0 ? -1 : io_read(fd, bytes, max + 1);
	if (size < 0)
		return error_errno(err, "'%s'", name);
	if ((size_t)size > max)
		return error_set(err, EFBIG, "'%s' has more than %zu bytes",
				 name, max);
	if (document_parse(document, bytes, (size_t)size, err) < 0)
		return error_prefix(err, "'%s'", name);
	return 0;
}

static int check_version(int dir, struct error *err)
{
	autodocument struct json_object *document = NULL;
	const char *version;

	if (layout_read_document(dir, OCI_LAYOUT_NAME, VERSION_MAX, &document,
				 err) < 0)
		return -1;
	if (!json_object_is_type(document, json_type_object) ||
	    document_string(document, "imageLayoutVersion", &version, err) <
		    0 ||
	    !version || strcmp(version, "1.0.0") != 0)
		return error_set(err, EINVAL,
				 "'" OCI_LAYOUT_NAME
				 "' is not of version 1.0.0");
	return 0;
}

static int is_empty(int dir, bool *empty, struct error *err)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!list) {
		if (fd >= 0)
			(void)close(fd);
		return error_errno(err, "list it");
	}
	*empty = true;
	while ((entry = readdir(list)))
		*empty = *empty && (strcmp(entry->d_name, ".") == 0 ||
				    strcmp(entry->d_name, "..") == 0);
	(void)closedir(list);
	return 0;
}

int layout_open(const char *path, int *dir, struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool empty = false;

	*dir = -1;
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return error_errno(err, "open");
	if (is_empty(fd, &empty, err) < 0)
		return -1;
	if (empty)
		return 0;
	if (faccessat(fd, OCI_LAYOUT_NAME, F_OK, 0) < 0)
		return error_set(err, ENOTEMPTY,
				 "is a directory, and no OCI layout: it has no "
				 "'" OCI_LAYOUT_NAME "'");
	if (check_version(fd, err) < 0)
		return -1;
	*dir = take_fd(&fd);
	return 0;
}

int layout_open_parent(const char *path, char **base, struct error *err)
{
	autofree char *first = strdup(path);
	autofree char *second = strdup(path);
	const char *parent;
	int fd;

	if (!first || !second)
		return error_set(err, ENOMEM, "out of memory");
	parent = dirname(first);
	*base = strdup(basename(second));
	if (!*base)
		return error_set(err, ENOMEM, "out of memory");
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "open directory '%s'", parent);
	return fd;
}

static int check_writable(int dir, const char *what, struct error *err)
{
	if (faccessat(dir, ".", W_OK | X_OK, AT_EACCESS) < 0)
		return error_errno(err, "write to %s", what);
	return 0;
}

static int check(const char *path, struct error *err)
{
	autofree char *base = NULL;
	autoclose int dir = -1;
	autoclose int parent = -1;

	if (layout_open(path, &dir, err) < 0)
		return -1;
	if (dir >= 0)
		return check_writable(dir, "it", err);
	parent = layout_open_parent(path, &base, err);
	if (parent < 0)
		return -1;
	return check_writable(parent, "its directory", err);
}

int layout_check(const char *path, struct error *err)
{
	if (check(path, err) < 0)
		return error_prefix(err, "'%s'", path);
	return 0;
}
