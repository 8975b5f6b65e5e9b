/* SPDX-License-Identifier: MIT */
/* write_archive.c - see write_archive.h */
#include "host/image/write_archive.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/io.h"
#include "guest/shared/tar.h"
#include "host/image/document.h"
#include "host/image/draft_json.h"

#define DOCUMENTS_MAX 4
#define MEMBER_NAME   (sizeof("blobs/sha256/") + DIGEST_HEX_LENGTH)

struct file {
	char name[MEMBER_NAME];
	struct image_blob blob;
};

struct writing {
	const struct draft *draft;
	const struct target *target;
	const struct image_work *work;
	int fd;
	struct tar tar;
	struct file *files; /* owned; each name once after sort_files() */
	size_t count;
	char *documents[DOCUMENTS_MAX]; /* owned */
	size_t document_count;
};

static void writing_release(struct writing *writing)
{
	tar_release(&writing->tar);
	free(writing->files);
	for (size_t i = 0; i < writing->document_count; i++)
		free(writing->documents[i]);
}

DEFINE_AUTO(writing, writing_release)

static void add_blob(struct writing *writing, const struct image_blob *blob)
{
	struct file *file = &writing->files[writing->count++];

	(void)snprintf(file->name, sizeof(file->name), "blobs/sha256/%s",
		       blob->digest.hex);
	file->blob = *blob;
}

/* Takes the document. */
static int add_document(struct writing *writing, const char *name,
			struct json_object *document, struct error *err)
{
	struct file *file = &writing->files[writing->count];
	char **bytes = &writing->documents[writing->document_count];
	size_t size;
	int status = document_write(document, bytes, &size, err);

	json_object_put(document);
	if (status < 0)
		return -1;
	(void)snprintf(file->name, sizeof(file->name), "%s", name);
	file->blob = (struct image_blob){ .bytes = *bytes, .size = size };
	writing->count++;
	writing->document_count++;
	return 0;
}

static int add_index(struct writing *writing, struct error *err)
{
	const struct target *target = writing->target;
	struct json_object *index = draft_index_json();
	const char *ref = target->ref;

	/* Docker's own: the tag alone, and the full name beside it. */
	if (target->name && ref)
		ref = strrchr(ref, ':') + 1;
	if (draft_enter(index, writing->draft, ref, target->name, err) < 0) {
		json_object_put(index);
		return -1;
	}
	return add_document(writing, "index.json", index, err);
}

static int add_docker(struct writing *writing, struct error *err)
{
	const struct draft *draft = writing->draft;
	const char *name = writing->target->ref;

	if (writing->target->form != TARGET_DOCKER_ARCHIVE)
		return 0;
	if (add_document(writing, "manifest.json",
			 draft_docker_json(draft, name), err) < 0)
		return -1;
	if (!name || draft->layer_count == 0)
		return 0;
	return add_document(writing, "repositories",
			    draft_repositories_json(draft, name), err);
}

static int compare_files(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void sort_files(struct writing *writing)
{
	size_t kept = 0;

	qsort(writing->files, writing->count, sizeof(*writing->files),
	      compare_files);
	for (size_t i = 1; i < writing->count; i++)
		if (compare_files(&writing->files[kept], &writing->files[i]) !=
		    0)
			writing->files[++kept] = writing->files[i];
	writing->count = kept + 1;
}

static int list_files(struct writing *writing, struct error *err)
{
	const struct draft *draft = writing->draft;

	writing->files = calloc(draft->layer_count + 2 + DOCUMENTS_MAX,
				sizeof(*writing->files));
	if (!writing->files)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < draft->layer_count; i++)
		add_blob(writing, &draft->layers[i]);
	add_blob(writing, &draft->config);
	add_blob(writing, &draft->manifest);
	if (add_document(writing, "oci-layout", draft_layout_json(), err) < 0 ||
	    add_index(writing, err) < 0 || add_docker(writing, err) < 0)
		return -1;
	sort_files(writing);
	return 0;
}

static int put_bytes(void *context, const void *bytes, size_t size,
		     struct error *err)
{
	const struct writing *writing = context;

	if (io_write(writing->fd, bytes, size) < 0)
		return error_errno(err, "write '%s'", writing->target->path);
	return 0;
}

static int put_data(void *context, const void *bytes, size_t size,
		    struct error *err)
{
	struct writing *writing = context;

	return tar_data(&writing->tar, bytes, size, err);
}

static int put_file(struct writing *writing, const struct file *file,
		    struct error *err)
{
	struct archive_entry *e = archive_entry_clear(writing->tar.entry);

	archive_entry_set_pathname(e, file->name);
	archive_entry_set_mode(e, AE_IFREG | 0644);
	archive_entry_set_size(e, (la_int64_t)file->blob.size);
	archive_entry_set_mtime(e, 0, 0);
	if (tar_header(&writing->tar, err) < 0)
		return -1;
	return image_blob_read(&file->blob, put_data, writing, writing->work,
			       err);
}

int write_archive(int fd, const struct draft *draft,
		  const struct target *target, const struct image_work *work,
		  struct error *err)
{
	AUTO(writing)
	writing = {
		.draft = draft,
		.target = target,
		.work = work,
		.fd = fd,
	};
	const struct tar_sink sink = { put_bytes, &writing };

	if (list_files(&writing, err) < 0 ||
	    tar_start(&writing.tar, &sink, err) < 0)
		return -1;
	for (size_t i = 0; i < writing.count; i++)
		if (put_file(&writing, &writing.files[i], err) < 0)
			return -1;
	return tar_finish(&writing.tar, err);
}
