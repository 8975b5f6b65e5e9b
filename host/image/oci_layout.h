/* SPDX-License-Identifier: MIT */
/* oci_layout.h - the files of an OCI layout, in a directory or an archive */
#ifndef HOST_IMAGE_OCI_LAYOUT_H
#define HOST_IMAGE_OCI_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/descriptor.h"
#include "host/image/source.h"
#include "host/image/tarfile.h"

/* OCI image-spec, image-layout.md. */
#define OCI_LAYOUT_NAME "oci-layout"
#define OCI_INDEX_NAME	"index.json"

/* As containers/image has it, so that users see the same verdict. */
#define OCI_INDEX_MAX	 (1024 * 1024)	   /* bytes of index.json */
#define OCI_DOCUMENT_MAX (4 * 1024 * 1024) /* bytes of any other */

/* More indexes and manifests are not read to find one image. */
#define OCI_DOCUMENTS_MAX 1000

struct oci_layout {
	const char *dir;	    /* borrowed; NULL: it is an archive */
	const struct tarfile *file; /* borrowed; the archive */
	size_t documents;	    /* that were read so far */
};

/* Whether a directory has the file that makes it a layout. */
bool oci_layout_is_at(const char *dir);

/*
 * Check that it is a layout of a version that is read, 1.0.0. ENOENT if
 * nothing says so, ENOTSUP for another version, EINVAL for no such JSON.
 */
int oci_layout_check(struct oci_layout *layout, struct error *err);

/* Read index.json: as tarfile_read(), with a limit of OCI_INDEX_MAX. */
int oci_layout_read_index(struct oci_layout *layout, char **bytes, size_t *size,
			  struct error *err);

/*
 * Read a whole blob, of OCI_DOCUMENT_MAX at most, and verify it: EBADMSG if it
 * has another size or digest than its descriptor says, ENOENT if it is not
 * there, E2BIG beyond OCI_DOCUMENTS_MAX. The message names the digest. *bytes
 * is the caller's, with a zero byte after the descriptor's size.
 */
int oci_layout_read(struct oci_layout *layout,
		    const struct descriptor *descriptor, char **bytes,
		    struct error *err);

/* "blobs/sha256/HEX", what a blob is called in every layout. */
#define OCI_BLOB_NAME_SIZE (sizeof("blobs/sha256/") + DIGEST_HEX_LENGTH)
void oci_layout_blob_name(const struct digest *digest,
			  char name[OCI_BLOB_NAME_SIZE]);

/*
 * Find a blob, by its size only. In a directory *source is its file, which was
 * opened; in an archive *source is untouched. *offset is where it begins.
 */
int oci_layout_find(const struct oci_layout *layout,
		    const struct descriptor *descriptor, struct source *source,
		    uint64_t *offset, struct error *err);

#endif
