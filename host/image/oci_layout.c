/* SPDX-License-Identifier: MIT */
/* oci_layout.c - see oci_layout.h */
#include "host/image/oci_layout.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/io.h"
#include "host/image/document.h"

#define VERSION "1.0.0"

static char *join(const char *dir, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

bool oci_layout_is_at(const char *dir)
{
	autofree char *path = join(dir, OCI_LAYOUT_NAME);
	struct stat st;

	return path && stat(path, &st) == 0;
}

/* A file of a layout that is a directory. */
static int open_file(const struct oci_layout *layout, const char *name,
		     struct source *source, struct error *err)
{
	autofree char *path = join(layout->dir, name);

	if (!path)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (source_open(source, path, err) == 0)
		return 0;
	if (err->code == ENOENT)
		return error_set(err, ENOENT, "'%s' is not in the layout",
				 name);
	return error_prefix(err, "open '%s'", name);
}

static int read_source(const struct source *source, const char *name,
		       size_t limit, char **bytes, size_t *size,
		       struct error *err)
{
	autofree char *buffer = NULL;
	ssize_t n;

	if (source->size > limit)
		return error_set(err, EFBIG,
				 "'%s' has %" PRIu64 " bytes, more than %zu",
				 name, source->size, limit);
	buffer = malloc((size_t)source->size + 1);
	if (!buffer)
		return error_errno(err, "read '%s'", name);
	n = io_pread(source->fd, buffer, (size_t)source->size, 0);
	if (n < 0)
		return error_errno(err, "read '%s'", name);

	buffer[n] = '\0';
	*bytes = take_pointer(&buffer);
	*size = (size_t)n;
	return 0;
}

static int read_name(const struct oci_layout *layout, const char *name,
		     size_t limit, char **bytes, size_t *size,
		     struct error *err)
{
	AUTO(source) source = { 0 };

	if (!layout->dir)
		return tarfile_read(layout->file, name, limit, bytes, size,
				    err);
	if (open_file(layout, name, &source, err) < 0)
		return -1;
	return read_source(&source, name, limit, bytes, size, err);
}

static int check_version(const char *bytes, size_t size, struct error *err)
{
	autodocument struct json_object *document = NULL;
	const char *version;

	if (document_parse(&document, bytes, size, err) < 0 ||
	    document_string(document, "imageLayoutVersion", &version, err) < 0)
		return -1;
	if (!version)
		return error_set(err, EINVAL, "has no 'imageLayoutVersion'");
	if (strcmp(version, VERSION) != 0)
		return error_set(err, ENOTSUP,
				 "version '%.64s' is not read, only " VERSION,
				 version);
	return 0;
}

int oci_layout_check(struct oci_layout *layout, struct error *err)
{
	autofree char *bytes = NULL;
	size_t size;

	if (read_name(layout, OCI_LAYOUT_NAME, OCI_INDEX_MAX, &bytes, &size,
		      err) < 0)
		return error_prefix(err, "is not an OCI layout");
	if (check_version(bytes, size, err) < 0)
		return error_prefix(err, OCI_LAYOUT_NAME);
	return 0;
}

int oci_layout_read_index(struct oci_layout *layout, char **bytes, size_t *size,
			  struct error *err)
{
	return read_name(layout, OCI_INDEX_NAME, OCI_INDEX_MAX, bytes, size,
			 err);
}

void oci_layout_blob_name(const struct digest *digest,
			  char name[OCI_BLOB_NAME_SIZE])
{
	(void)snprintf(name, OCI_BLOB_NAME_SIZE, "blobs/sha256/%s",
		       digest->hex);
}

static int check_size(const struct descriptor *descriptor, const char *name,
		      uint64_t size, struct error *err)
{
	if (size == descriptor->size)
		return 0;
	return error_set(err, EBADMSG,
			 "'%s' has %" PRIu64 " bytes, its descriptor says "
			 "%" PRIu64,
			 name, size, descriptor->size);
}

static int check_content(const struct descriptor *descriptor, const char *bytes,
			 struct error *err)
{
	struct digest digest;

	if (digest_of(&digest, bytes, descriptor->size, err) < 0)
		return -1;
	if (digest_equal(&digest, &descriptor->digest))
		return 0;
	return error_set(err, EBADMSG,
			 "'blobs/sha256/%s': content is sha256:%s",
			 descriptor->digest.hex, digest.hex);
}

int oci_layout_read(struct oci_layout *layout,
		    const struct descriptor *descriptor, char **bytes,
		    struct error *err)
{
	autofree char *read = NULL;
	char name[OCI_BLOB_NAME_SIZE];
	size_t size;

	if (layout->documents++ >= OCI_DOCUMENTS_MAX)
		return error_set(err, E2BIG,
				 "has more than %d indexes and manifests",
				 OCI_DOCUMENTS_MAX);
	oci_layout_blob_name(&descriptor->digest, name);
	if (read_name(layout, name, OCI_DOCUMENT_MAX, &read, &size, err) < 0 ||
	    check_size(descriptor, name, size, err) < 0 ||
	    check_content(descriptor, read, err) < 0)
		return -1;
	*bytes = take_pointer(&read);
	return 0;
}

static int find_in_archive(const struct oci_layout *layout, const char *name,
			   const struct descriptor *descriptor,
			   uint64_t *offset, struct error *err)
{
	const struct member *member;

	if (tarfile_find(layout->file, name, &member, err) < 0 ||
	    check_size(descriptor, name, member->size, err) < 0)
		return -1;
	*offset = member->offset;
	return 0;
}

int oci_layout_find(const struct oci_layout *layout,
		    const struct descriptor *descriptor, struct source *source,
		    uint64_t *offset, struct error *err)
{
	char name[OCI_BLOB_NAME_SIZE];

	oci_layout_blob_name(&descriptor->digest, name);
	if (!layout->dir)
		return find_in_archive(layout, name, descriptor, offset, err);
	if (open_file(layout, name, source, err) < 0)
		return -1;
	*offset = 0;
	return check_size(descriptor, name, source->size, err);
}
