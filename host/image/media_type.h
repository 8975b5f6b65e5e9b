/* SPDX-License-Identifier: MIT */
/* media_type.h - what a blob is said to be */
#ifndef HOST_IMAGE_MEDIA_TYPE_H
#define HOST_IMAGE_MEDIA_TYPE_H

/*
 * OCI image-spec, media-types.md, and those of Docker's schema 2, which are
 * the same in all that matters here.
 */
#define MEDIA_OCI_INDEX	   "application/vnd.oci.image.index.v1+json"
#define MEDIA_OCI_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define MEDIA_OCI_CONFIG   "application/vnd.oci.image.config.v1+json"
#define MEDIA_OCI_LAYER	   "application/vnd.oci.image.layer.v1.tar"

enum media_kind {
	MEDIA_UNKNOWN,
	MEDIA_INDEX,
	MEDIA_MANIFEST,
	MEDIA_OLD_MANIFEST, /* Docker's schema 1 */
	MEDIA_CONFIG,
	MEDIA_LAYER,	     /* whatever its compression: see compression.h */
	MEDIA_FOREIGN_LAYER, /* not to be handed on; its bytes are elsewhere */
	MEDIA_ENCRYPTED_LAYER, /* of ocicrypt */
};

enum media_kind media_kind(const char *type);

#endif
