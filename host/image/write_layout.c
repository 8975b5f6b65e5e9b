/* SPDX-License-Identifier: MIT */
/* write_layout.c - see write_layout.h */
#include "host/image/write_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/image/document.h"
#include "host/image/draft_json.h"
#include "host/image/layout_place.h"
#include "host/image/oci_layout.h"

#define STAGE_BASE "overlayvm"

static int make_stage(struct layout *layout, struct error *err)
{
	int parent;

	if (layout_open(layout->path, &layout->dir, err) < 0)
		return -1;
	if (layout->dir >= 0) {
		parent = fcntl(layout->dir, F_DUPFD_CLOEXEC, 3);
		if (parent < 0)
			return error_errno(err, "open");
		return stage_make(&layout->stage, parent, STAGE_BASE, err);
	}
	parent = layout_open_parent(layout->path, &layout->base, err);
	if (parent < 0)
		return -1;
	return stage_make(&layout->stage, parent, layout->base, err);
}

/* blobs/sha256, made if it is not there. */
static int open_blobs(int dir, struct error *err)
{
	int fd;

	if ((mkdirat(dir, "blobs", 0777) < 0 && errno != EEXIST) ||
	    (mkdirat(dir, LAYOUT_BLOBS, 0777) < 0 && errno != EEXIST))
		return error_errno(err, "create '" LAYOUT_BLOBS "'");
	fd = openat(dir, LAYOUT_BLOBS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? error_errno(err, "open '" LAYOUT_BLOBS "'") : fd;
}

static int drop(void *context, const void *bytes, size_t size,
		struct error *err)
{
	(void)context;
	(void)bytes;
	(void)size;
	(void)err;
	return 0;
}

/* Whether the directory has this blob, whole and sound. */
static bool has_blob(int dir, const char *prefix, const struct image_blob *blob,
		     const struct image_work *work)
{
	char name[sizeof(LAYOUT_BLOBS) + 1 + DIGEST_HEX_LENGTH];
	struct image_blob there = *blob;
	struct error ignored;
	autoclose int fd = -1;
	struct stat st;

	(void)snprintf(name, sizeof(name), "%s%s", prefix, blob->digest.hex);
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size != blob->size)
		return false;
	there.bytes = NULL;
	there.fd = fd;
	there.offset = 0;
	return image_blob_read(&there, drop, NULL, work, &ignored) == 0;
}

static int write_blob(const struct layout *layout,
		      const struct image_blob *blob,
		      const struct image_work *work, struct error *err)
{
	/* One that comes twice is there already the second time. */
	if (faccessat(layout->blobs, blob->digest.hex, F_OK, 0) == 0 ||
	    (layout->dir >= 0 &&
	     has_blob(layout->dir, LAYOUT_BLOBS "/", blob, work)))
		return 0;
	return stage_put(layout->blobs, blob->digest.hex, blob, work, err);
}

static int write_blobs(struct layout *layout, const struct image_work *work,
		       struct error *err)
{
	const struct draft *draft = layout->draft;

	if (make_stage(layout, err) < 0)
		return -1;
	layout->blobs = open_blobs(layout->stage.dir, err);
	if (layout->blobs < 0)
		return -1;
	for (size_t i = 0; i < draft->layer_count; i++)
		if (write_blob(layout, &draft->layers[i], work, err) < 0)
			return -1;
	if (write_blob(layout, &draft->config, work, err) < 0)
		return -1;
	return write_blob(layout, &draft->manifest, work, err);
}

int layout_write(struct layout *layout, const char *path, const char *ref,
		 const struct draft *draft, const struct image_work *work,
		 struct error *err)
{
	AUTO(layout) new = LAYOUT_NONE;

	new.path = path;
	new.ref = ref;
	new.draft = draft;
	if (write_blobs(&new, work, err) < 0)
		return error_prefix(err, "'%s'", path);
	*layout = new;
	new = (struct layout)LAYOUT_NONE;
	return 0;
}

static int put_document(int dir, const char *name, struct json_object *document,
			struct error *err)
{
	autofree char *bytes = NULL;
	size_t size;

	if (document_write(document, &bytes, &size, err) < 0)
		return -1;
	return stage_put_bytes(dir, name, bytes, size, err);
}

/* The index of the layout, or a new one, with this image entered, is put into
 * the stage. */
static int stage_index(const struct layout *layout, struct error *err)
{
	autodocument struct json_object *index = NULL;

	(void)unlinkat(layout->stage.dir, OCI_INDEX_NAME, 0);
	if (layout->dir < 0)
		index = draft_index_json();
	else if (layout_read_document(layout->dir, OCI_INDEX_NAME,
				      OCI_INDEX_MAX, &index, err) < 0)
		return -1;
	if (draft_enter(index, layout->draft, layout->ref, NULL, err) < 0)
		return error_prefix(err, "'" OCI_INDEX_NAME "'");
	return put_document(layout->stage.dir, OCI_INDEX_NAME, index, err);
}

/* Returns 1 if somebody else has made something of that name meanwhile. */
static int publish_new(struct layout *layout, struct error *err)
{
	autodocument struct json_object *version = draft_layout_json();

	if (put_document(layout->stage.dir, OCI_LAYOUT_NAME, version, err) <
		    0 ||
	    stage_index(layout, err) < 0)
		return -1;
	if (stage_publish(&layout->stage, layout->base, layout->path, err) == 0)
		return 0;
	return err->code == ENOTEMPTY || err->code == EEXIST ? 1 : -1;
}

/* What was moved is taken back if anything fails behind it. */
static void take_back(int blobs, char names[][DIGEST_HEX_LENGTH + 1],
		      size_t count)
{
	while (count > 0)
		(void)unlinkat(blobs, names[--count], 0);
}

/* A blob that is there but damaged is replaced, and is not to be taken back. */
static int move_blob(const struct layout *layout, int blobs,
		     const struct image_blob *blob, bool *is_new,
		     struct error *err)
{
	const char *name = blob->digest.hex;

	*is_new = false;
	if (faccessat(layout->blobs, name, F_OK, 0) < 0) {
		/* Moved already, or there when we looked. */
		if (faccessat(blobs, name, F_OK, 0) == 0)
			return 0;
		return error_set(err, ESTALE,
				 "the blob sha256:%s was removed meanwhile "
				 "(try again)",
				 name);
	}
	if (renameat2(layout->blobs, name, blobs, name, RENAME_NOREPLACE) ==
	    0) {
		*is_new = true;
		return 0;
	}
	if (errno != EEXIST && errno != EINVAL)
		return error_errno(err, "name '" LAYOUT_BLOBS "/%s'", name);
	if (renameat(layout->blobs, name, blobs, name) < 0)
		return error_errno(err, "name '" LAYOUT_BLOBS "/%s'", name);
	return 0;
}

static int move_all(const struct layout *layout, int blobs,
		    char moved[][DIGEST_HEX_LENGTH + 1], size_t *count,
		    struct error *err)
{
	const struct draft *draft = layout->draft;

	for (size_t i = 0; i < draft->layer_count + 2; i++) {
		const struct image_blob *blob =
			i < draft->layer_count	  ? &draft->layers[i]
			: i == draft->layer_count ? &draft->config
						  : &draft->manifest;
		bool is_new;

		if (move_blob(layout, blobs, blob, &is_new, err) < 0)
			return -1;
		if (is_new)
			strcpy(moved[(*count)++], blob->digest.hex);
	}
	if (fsync(blobs) < 0 && errno != EINVAL)
		return error_errno(err, "write '" LAYOUT_BLOBS "'");
	return 0;
}

static int replace_index(const struct layout *layout, struct error *err)
{
	if (stage_index(layout, err) < 0)
		return -1;
	if (renameat(layout->stage.dir, OCI_INDEX_NAME, layout->dir,
		     OCI_INDEX_NAME) < 0)
		return error_errno(err, "name '" OCI_INDEX_NAME "'");
	if (fsync(layout->dir) < 0 && errno != EINVAL)
		return error_errno(err, "write");
	return 0;
}

static int merge(struct layout *layout, struct error *err)
{
	autofree char(*moved)[DIGEST_HEX_LENGTH + 1] =
		calloc(layout->draft->layer_count + 2, sizeof(*moved));
	autoclose int blobs = open_blobs(layout->dir, err);
	size_t count = 0;

	if (blobs < 0)
		return -1;
	if (!moved)
		return error_set(err, ENOMEM, "out of memory");
	if (flock(layout->dir, LOCK_EX) < 0)
		return error_errno(err, "lock");
	if (move_all(layout, blobs, moved, &count, err) < 0 ||
	    replace_index(layout, err) < 0) {
		take_back(blobs, moved, count);
		return -1;
	}
	return 0;
}

static int commit(struct layout *layout, struct error *err)
{
	int status;

	if (layout->dir < 0) {
		status = publish_new(layout, err);
		if (status <= 0)
			return status;
		if (layout_open(layout->path, &layout->dir, err) < 0)
			return -1;
		if (layout->dir < 0)
			return error_set(err, ESTALE,
					 "changed meanwhile (try again)");
	}
	return merge(layout, err);
}

int layout_commit(struct layout *layout, struct error *err)
{
	if (commit(layout, err) < 0)
		return error_prefix(err, "'%s'", layout->path);
	return 0;
}

void layout_release(struct layout *layout)
{
	stage_release(&layout->stage);
	free(layout->base);
	if (layout->dir >= 0)
		(void)close(layout->dir); /* and with it goes the lock */
	if (layout->blobs >= 0)
		(void)close(layout->blobs);
	*layout = (struct layout)LAYOUT_NONE;
}
