/* SPDX-License-Identifier: MIT */
/* opened.c - see opened.h */
#include "host/layer/opened.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <archive_entry.h>

#include "guest/shared/io.h"
#include "guest/shared/path.h"
#include "host/image/compression.h"
#include "host/image/expand.h"

/* Put the decompressed file in the place of the compressed one. */
static int expand(struct opened *opened, enum compression compression,
		  const struct image_work *work, struct error *err)
{
	const struct expand expand = {
		.in = opened->source.fd,
		.size = opened->source.size,
		.compression = compression,
		.out = OPENED_NAME,
	};
	AUTO(source) plain = { 0 };
	autofree char *path = NULL;

	if (expand_run(&expand, work, NULL, NULL, err) < 0)
		return -1;
	if (asprintf(&path, "%s/" OPENED_NAME, work->dir_path) < 0) {
		path = NULL;
		return error_errno(err, "name the decompressed file");
	}
	if (source_open(&plain, path, err) < 0)
		return error_prefix(err, "open '%s'", path);
	source_release(&opened->source);
	opened->source = plain;
	plain = (struct source){ 0 };
	return 0;
}

static int open_plain(struct opened *opened, const char *path,
		      const struct image_work *work, struct error *err)
{
	char head[COMPRESSION_HEAD];
	enum compression compression;
	ssize_t n;

	if (source_open(&opened->source, path, err) < 0)
		return -1;
	if (opened->source.size == 0)
		return error_set(err, EINVAL, "is empty");
	n = io_pread(opened->source.fd, head, sizeof(head), 0);
	if (n < 0)
		return error_errno(err, "read");
	compression = compression_of(head, (size_t)n);
	if (compression == COMPRESSION_NONE)
		return 0;
	return expand(opened, compression, work, err);
}

static bool is_of_an_image(const char *name)
{
	static const char *const names[] = { "manifest.json", "index.json",
					     "oci-layout" };
	char path[PATH_SIZE];
	struct error ignored;

	if (!name || path_normalize(path, name, &ignored) < 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(path, names[i]) == 0)
			return true;
	return false;
}

static int look_inside(struct opened *opened, const struct image_work *work,
		       struct error *err)
{
	AUTO(layer_slice) slice = { 0 };
	struct archive_entry *entry;
	int result;

	if (layer_slice_open(&slice, &opened->layer, err) < 0)
		return err->code == EBADMSG
			       ? error_set(err, EINVAL,
					   "not a tar archive: neither an "
					   "image nor a layer")
			       : -1;
	while ((result = archive_read_next_header(slice.archive, &entry)) ==
		       ARCHIVE_OK ||
	       result == ARCHIVE_WARN) {
		if (work->advance && work->advance(work->context, 0) != 0)
			return error_set(err, ECANCELED, "cancelled");
		opened->is_image =
			is_of_an_image(archive_entry_pathname(entry));
		if (opened->is_image)
			break;
	}
	return 0;
}

int opened_read(struct opened *opened, const char *path,
		const struct image_work *work, struct error *err)
{
	AUTO(opened) new = { 0 };

	if (open_plain(&new, path, work, err) < 0)
		return error_prefix(err, "open '%s'", path);
	new.path = new.source.path;
	new.layer = (struct layer_source){ new.source.fd, 0, new.source.size };
	if (look_inside(&new, work, err) < 0)
		return error_prefix(err, "open '%s'", path);
	*opened = new;
	new = (struct opened){ 0 };
	return 0;
}

void opened_release(struct opened *opened)
{
	source_release(&opened->source);
	*opened = (struct opened){ 0 };
}
