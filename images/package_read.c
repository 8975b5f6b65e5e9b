/* SPDX-License-Identifier: MIT */
/*
 * package_read.c - see package_read.h
 *
 * An .rpm is a header and a compressed cpio archive, which libarchive reads
 * as a filter and a format. A .deb is an ar archive whose members data.tar.*
 * and control.tar.* are compressed tars: a second reader draws its bytes from
 * the first one, so that nothing is written but what is wanted.
 */
#include "images/package_read.h"

#include <fcntl.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "images/cancel.h"
#include "images/package.h"

struct reader {
	struct archive *archive; /* owned */
};

static void reader_release(struct reader *r)
{
	int saved = errno;

	archive_read_free(r->archive);
	r->archive = NULL;
	errno = saved;
}

DEFINE_AUTO(reader, reader_release)

/* The inner reader of a .deb takes its bytes from the outer one. */
struct nested {
	struct archive *outer;
	char block[PACKAGE_BLOCK];
};

int package_failed(struct archive *a, struct error *err)
{
	return error_set(err, EINVAL, "%s", archive_error_string(a));
}

static int take_entry(const struct package_walk *walk, struct archive *a,
		      struct archive_entry *entry, unsigned long number,
		      struct error *err)
{
	const char *name = archive_entry_pathname(entry);

	if (!name)
		return error_set(err, EINVAL, "entry %lu has no name", number);
	if (!package_name_is_safe(name))
		return error_set(err, EINVAL, "bad name '%s'", name);
	return walk->take(walk->context, a, entry, err);
}

static int take_entries(const struct package_walk *walk, struct archive *a,
			struct error *err)
{
	struct archive_entry *entry;
	unsigned long number = 0;
	int code;

	/* ARCHIVE_WARN: a name that is not in the locale; its bytes are kept */
	while ((code = archive_read_next_header(a, &entry)) == ARCHIVE_OK ||
	       code == ARCHIVE_WARN) {
		if (++number > PACKAGE_ENTRIES_MAX)
			return error_set(err, EINVAL, "more than %d entries",
					 PACKAGE_ENTRIES_MAX);
		if (cancel_check(err) < 0 ||
		    take_entry(walk, a, entry, number, err) < 0)
			return -1;
	}
	return code == ARCHIVE_EOF ? 0 : package_failed(a, err);
}

static int support_compression(struct archive *a)
{
	return archive_read_support_filter_xz(a) == ARCHIVE_OK &&
			       archive_read_support_filter_zstd(a) ==
				       ARCHIVE_OK &&
			       archive_read_support_filter_gzip(a) == ARCHIVE_OK
		       ? ARCHIVE_OK
		       : ARCHIVE_FATAL;
}

static la_ssize_t read_outer(struct archive *a, void *data, const void **block)
{
	struct nested *nested = data;
	la_ssize_t got = archive_read_data(nested->outer, nested->block,
					   sizeof(nested->block));

	*block = nested->block;
	if (got < 0)
		archive_set_error(a, EINVAL, "%s",
				  archive_error_string(nested->outer));
	return got < 0 ? -1 : got;
}

static int take_member(const struct package_walk *walk, struct archive *outer,
		       struct error *err)
{
	AUTO(reader) inner = { archive_read_new() };
	autofree struct nested *nested = calloc(1, sizeof(*nested));

	if (!inner.archive || !nested)
		return error_set(err, ENOMEM, "out of memory");

	nested->outer = outer;
	if (support_compression(inner.archive) != ARCHIVE_OK ||
	    archive_read_support_format_tar(inner.archive) != ARCHIVE_OK ||
	    archive_read_open(inner.archive, nested, NULL, read_outer, NULL) !=
		    ARCHIVE_OK ||
	    take_entries(walk, inner.archive, err) < 0)
		return err->msg[0] ? -1 : package_failed(inner.archive, err);
	return 0;
}

static int walk_deb(const struct package_walk *walk, struct archive *a,
		    struct error *err)
{
	struct archive_entry *entry;
	int code;

	while ((code = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);

		if (name &&
		    strncmp(name, walk->member, strlen(walk->member)) == 0)
			return take_member(walk, a, err);
	}
	if (code != ARCHIVE_EOF)
		return package_failed(a, err);
	return error_set(err, EINVAL, "no member %s", walk->member);
}

static bool begins_with(const char *path, const void *magic, size_t size)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char start[16];

	return fd >= 0 && io_read(fd, start, size) == (ssize_t)size &&
	       memcmp(start, magic, size) == 0;
}

bool package_is_deb(const char *path)
{
	return begins_with(path, "!<arch>\n", 8);
}

bool package_is_rpm(const char *path)
{
	return begins_with(path, "\xed\xab\xee\xdb", 4);
}

int package_walk(const struct package_walk *walk, struct error *err)
{
	AUTO(reader) r = { archive_read_new() };
	bool deb = package_is_deb(walk->package);
	int code;

	if (!r.archive)
		return error_set(err, ENOMEM, "out of memory");

	if (deb)
		code = archive_read_support_format_ar(r.archive);
	else if ((code = support_compression(r.archive)) == ARCHIVE_OK &&
		 (code = archive_read_support_filter_rpm(r.archive)) ==
			 ARCHIVE_OK)
		code = archive_read_support_format_cpio(r.archive);
	if (code != ARCHIVE_OK ||
	    archive_read_open_filename(r.archive, walk->package,
				       PACKAGE_BLOCK) != ARCHIVE_OK)
		return package_failed(r.archive, err);

	return deb ? walk_deb(walk, r.archive, err)
		   : take_entries(walk, r.archive, err);
}
