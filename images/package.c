/* SPDX-License-Identifier: MIT */
/*
 * package.c - see package.h
 *
 * An .rpm is a header and a compressed cpio archive, which libarchive reads
 * as a filter and a format. A .deb is an ar archive whose member data.tar.*
 * is a compressed tar: a second reader draws its bytes from the first one, so
 * that nothing is written but what is wanted.
 */
#include "images/package.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "images/cancel.h"
#include "images/place.h"
#include "images/text.h"

#define BLOCK 65536 /* bytes that a reader takes at once */

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
	char block[BLOCK];
};

/* What is unpacked of one package. */
struct unpacking {
	const char *package;
	const char *dir;
	unsigned long entries;
	unsigned long long bytes;
};

static int archive_failed(struct archive *a, struct error *err)
{
	return error_set(err, EINVAL, "%s", archive_error_string(a));
}

static int create(const char *path, struct error *err)
{
	autofree char *parent = strdup(path);
	int fd;

	if (!parent)
		return error_errno(err, "create '%s'", path);
	*strrchr(parent, '/') = '\0';
	if (place_make(parent, err) < 0)
		return -1;

	/* A later entry of the same name wins, as in any archive. */
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		  0600);
	return fd < 0 ? error_errno(err, "create '%s'", path) : fd;
}

static int write_content(struct unpacking *u, struct archive *a, int fd,
			 struct error *err)
{
	char block[BLOCK];
	la_ssize_t got;

	while ((got = archive_read_data(a, block, sizeof(block))) > 0) {
		u->bytes += (unsigned long long)got;
		if (u->bytes > PACKAGE_BYTES_MAX)
			return error_set(err, EINVAL,
					 "more than %llu MiB of "
					 "modules",
					 PACKAGE_BYTES_MAX >> 20);
		if (io_write(fd, block, (size_t)got) < 0)
			return error_errno(err, "unpack into '%s'", u->dir);
	}
	return got < 0 ? archive_failed(a, err) : 0;
}

static int take_entry(struct unpacking *u, struct archive *a,
		      struct archive_entry *entry, struct error *err)
{
	const char *name = archive_entry_pathname(entry);
	autofree char *path = NULL;
	autoclose int fd = -1;
	const char *wanted;

	if (!name)
		return error_set(err, EINVAL, "entry %lu has no name",
				 u->entries);
	if (!package_name_is_safe(name))
		return error_set(err, EINVAL, "bad name '%s'", name);

	wanted = package_wants(name);
	if (!wanted || archive_entry_filetype(entry) != AE_IFREG ||
	    archive_entry_hardlink(entry))
		return 0;

	path = text_format("%s/%s", u->dir, wanted);
	if (!path)
		return error_errno(err, "unpack '%s'", name);
	fd = create(path, err);
	return fd < 0 ? -1 : write_content(u, a, fd, err);
}

static int take_entries(struct unpacking *u, struct archive *a,
			struct error *err)
{
	struct archive_entry *entry;
	int code;

	/* ARCHIVE_WARN: a name that is not in the locale; its bytes are kept */
	while ((code = archive_read_next_header(a, &entry)) == ARCHIVE_OK ||
	       code == ARCHIVE_WARN) {
		if (++u->entries > PACKAGE_ENTRIES_MAX)
			return error_set(err, EINVAL, "more than %d entries",
					 PACKAGE_ENTRIES_MAX);
		if (cancel_check(err) < 0 || take_entry(u, a, entry, err) < 0)
			return -1;
	}
	return code == ARCHIVE_EOF ? 0 : archive_failed(a, err);
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

static int take_data_tar(struct unpacking *u, struct archive *outer,
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
	    take_entries(u, inner.archive, err) < 0)
		return err->msg[0] ? -1 : archive_failed(inner.archive, err);
	return 0;
}

static int unpack_deb(struct unpacking *u, struct archive *a, struct error *err)
{
	struct archive_entry *entry;
	int code;

	while ((code = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);

		if (name && strncmp(name, "data.tar", 8) == 0)
			return take_data_tar(u, a, err);
	}
	if (code != ARCHIVE_EOF)
		return archive_failed(a, err);
	return error_set(err, EINVAL, "no member data.tar");
}

static bool begins_with(const char *path, const void *magic, size_t size)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char start[16];

	return fd >= 0 && io_read(fd, start, size) == (ssize_t)size &&
	       memcmp(start, magic, size) == 0;
}

static bool is_deb(const char *path)
{
	return begins_with(path, "!<arch>\n", 8);
}

static bool is_rpm(const char *path)
{
	return begins_with(path, "\xed\xab\xee\xdb", 4);
}

bool package_is(const char *path)
{
	return is_deb(path) || is_rpm(path);
}

static int unpack(struct unpacking *u, struct error *err)
{
	AUTO(reader) r = { archive_read_new() };
	bool deb = is_deb(u->package);
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
	    archive_read_open_filename(r.archive, u->package, BLOCK) !=
		    ARCHIVE_OK)
		return archive_failed(r.archive, err);

	return deb ? unpack_deb(u, r.archive, err)
		   : take_entries(u, r.archive, err);
}

int package_unpack(const char *path, const char *dir, struct error *err)
{
	struct unpacking u = { .package = path, .dir = dir };

	if (!package_is(path))
		return error_set(err, EINVAL, "'%s' is not a .deb or .rpm",
				 path);
	if (unpack(&u, err) < 0)
		return error_prefix(err, "read package '%s'", path);
	return 0;
}
