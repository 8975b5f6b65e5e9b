/* SPDX-License-Identifier: MIT */
/* package.c - what a guest may need of a kernel package, see package.h */
#include "images/package.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "images/package_read.h"
#include "images/place.h"
#include "images/text.h"

/* What is unpacked of one package. */
struct unpacking {
	const char *dir;
	unsigned long long bytes;
};

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
	char block[PACKAGE_BLOCK];
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
	return got < 0 ? package_failed(a, err) : 0;
}

static int take_wanted(void *context, struct archive *a,
		       struct archive_entry *entry, struct error *err)
{
	struct unpacking *u = context;
	const char *name = archive_entry_pathname(entry);
	const char *wanted = package_wants(name);
	autofree char *path = NULL;
	autoclose int fd = -1;

	if (!wanted || archive_entry_filetype(entry) != AE_IFREG ||
	    archive_entry_hardlink(entry))
		return 0;

	path = text_format("%s/%s", u->dir, wanted);
	if (!path)
		return error_errno(err, "unpack '%s'", name);
	fd = create(path, err);
	return fd < 0 ? -1 : write_content(u, a, fd, err);
}

bool package_is(const char *path)
{
	return package_is_deb(path) || package_is_rpm(path);
}

int package_unpack(const char *path, const char *dir, struct error *err)
{
	struct unpacking u = { .dir = dir };
	const struct package_walk walk = {
		.package = path,
		.member = "data.tar",
		.take = take_wanted,
		.context = &u,
	};

	if (!package_is(path))
		return error_set(err, EINVAL, "'%s' is not a .deb or .rpm",
				 path);
	if (package_walk(&walk, err) < 0)
		return error_prefix(err, "read package '%s'", path);
	return 0;
}
