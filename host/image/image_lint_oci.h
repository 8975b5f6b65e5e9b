/* SPDX-License-Identifier: MIT */
/* image_lint_oci.h - the documents of an OCI layout, see image_lint_state.h */
#ifndef HOST_IMAGE_IMAGE_LINT_OCI_H
#define HOST_IMAGE_IMAGE_LINT_OCI_H

#include "host/image/image_lint_state.h"

#define IMAGE_LINT_BLOBS "blobs/sha256/"

/* What a media type says a document is, OCI's or Docker's. */
enum image_lint_kind {
	IMAGE_LINT_OTHER,
	IMAGE_LINT_INDEX,
	IMAGE_LINT_MANIFEST,
	IMAGE_LINT_CONFIG,
};

enum image_lint_kind image_lint_kind(const char *media_type);

/* What is read of a descriptor (descriptor.md). */
struct image_lint_descriptor {
	const char *media_type; /* borrowed from the document */
	struct digest digest;
	uint64_t size; /* bytes */
	char file[sizeof(IMAGE_LINT_BLOBS) + DIGEST_HEX_LENGTH];
};

/* Whether it is good enough to be followed; `what` it is of is for messages. */
bool image_lint_descriptor(struct image_lint *lint, struct json_object *object,
			   const char *what,
			   struct image_lint_descriptor *descriptor);

/* Say why something could not be read; `what` may be "". */
void image_lint_unread(struct image_lint *lint, const char *what,
		       const struct error *why);

/*
 * Read a document that a descriptor leads to. *bytes is the caller's, NULL if
 * it cannot be read, which is reported; another size or digest than the
 * descriptor's is too, and the bytes are given all the same.
 */
int image_lint_blob(struct image_lint *lint,
		    const struct image_lint_descriptor *descriptor,
		    const char *what, char **bytes, size_t *size,
		    struct error *err);

/* What every index and manifest says of itself. */
void image_lint_head(struct image_lint *lint, struct json_object *document,
		     enum image_lint_kind kind);

/* A manifest, and the image that it is of. */
int image_lint_manifest(struct image_lint *lint,
			const struct image_lint_descriptor *descriptor,
			struct error *err);

#endif
