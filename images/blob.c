/* SPDX-License-Identifier: MIT */
/* blob.c - see blob.h */
#include "images/blob.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>
#include <openssl/evp.h>

#include "guest/shared/io.h"

#define STEP (256u * 1024) /* bytes that a growing blob gets more */

static int open_regular(const char *path, struct stat *st, struct error *err)
{
	/* O_NONBLOCK: a FIFO that nobody writes must not hold us. */
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return error_errno(err, "open '%s'", path);
	if (fstat(fd, st) < 0)
		return error_errno(err, "look at '%s'", path);
	if (!S_ISREG(st->st_mode))
		return error_set(err, EINVAL, "'%s' is not a regular file",
				 path);
	if (st->st_size > (off_t)BLOB_MAX)
		return error_set(err, EFBIG, "'%s' is larger than %u MiB", path,
				 BLOB_MAX >> 20);
	return take_fd(&fd);
}

int blob_read(struct blob *blob, const char *path, struct error *err)
{
	AUTO(blob) b = { 0 };
	struct stat st;
	autoclose int fd = open_regular(path, &st, err);
	ssize_t got;

	if (fd < 0)
		return -1;

	b.data = malloc((size_t)st.st_size + 1);
	if (!b.data)
		return error_errno(err, "read '%s'", path);

	got = io_read(fd, b.data, (size_t)st.st_size);
	if (got < 0)
		return error_errno(err, "read '%s'", path);

	b.size = (size_t)got;
	b.data[b.size] = '\0';
	*blob = b;
	b = (struct blob){ 0 };
	return 0;
}

static int archive_failed(struct archive *a, const char *path,
			  struct error *err)
{
	return error_set(err, archive_errno(a), "read '%s': %s", path,
			 archive_error_string(a));
}

/* All that is left of the current entry. */
static int read_to_end(struct blob *blob, struct archive *a, const char *path,
		       struct error *err)
{
	for (;;) {
		la_ssize_t got;
		unsigned char *grown =
			realloc(blob->data, blob->size + STEP + 1);

		if (!grown)
			return error_errno(err, "read '%s'", path);
		blob->data = grown;

		got = archive_read_data(a, blob->data + blob->size, STEP);
		if (got < 0)
			return archive_failed(a, path, err);
		blob->size += (size_t)got;
		blob->data[blob->size] = '\0';
		if (got == 0)
			return 0;
		if (blob->size > BLOB_MAX)
			return error_set(err, EFBIG,
					 "'%s' unpacks to more "
					 "than %u MiB",
					 path, BLOB_MAX >> 20);
	}
}

static int unpack(struct blob *blob, struct archive *a, int fd,
		  const char *path, struct error *err)
{
	struct archive_entry *entry;

	if (archive_read_support_filter_xz(a) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(a) != ARCHIVE_OK ||
	    archive_read_support_filter_gzip(a) != ARCHIVE_OK ||
	    archive_read_support_format_raw(a) != ARCHIVE_OK ||
	    archive_read_open_fd(a, fd, STEP) != ARCHIVE_OK ||
	    archive_read_next_header(a, &entry) != ARCHIVE_OK)
		return archive_failed(a, path, err);
	return read_to_end(blob, a, path, err);
}

int blob_unpack(struct blob *blob, const char *path, struct error *err)
{
	AUTO(blob) b = { 0 };
	struct stat st;
	autoclose int fd = open_regular(path, &st, err);
	struct archive *a;
	int result;

	if (fd < 0)
		return -1;
	if (st.st_size == 0) /* libarchive's raw format wants a byte */
		return blob_copy(blob, "", 0, err);

	a = archive_read_new();
	if (!a)
		return error_set(err, ENOMEM, "read '%s': out of memory", path);
	result = unpack(&b, a, fd, path, err);
	archive_read_free(a);
	if (result < 0)
		return -1;

	*blob = b;
	b = (struct blob){ 0 };
	return 0;
}

int blob_copy(struct blob *blob, const void *data, size_t size,
	      struct error *err)
{
	unsigned char *copy = malloc(size + 1);

	if (!copy)
		return error_errno(err, "keep %zu bytes", size);
	memcpy(copy, data, size);
	copy[size] = '\0';
	*blob = (struct blob){ .data = copy, .size = size };
	return 0;
}

int blob_write(const struct blob *blob, const char *path, struct error *err)
{
	autoclose int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_errno(err, "create '%s'", path);
	if (io_write(fd, blob->data, blob->size) < 0 || fchmod(fd, 0644) < 0 ||
	    fsync(fd) < 0)
		return error_errno(err, "write '%s'", path);
	return 0;
}

int blob_sha256(const struct blob *blob, char hex[BLOB_SHA256 + 1],
		struct error *err)
{
	unsigned char digest[BLOB_SHA256 / 2];

	if (EVP_Digest(blob->data, blob->size, digest, NULL, EVP_sha256(),
		       NULL) != 1)
		return error_set(err, EIO, "no SHA-256 in libcrypto");
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

void blob_release(struct blob *blob)
{
	free(blob->data);
	*blob = (struct blob){ 0 };
}
