/* SPDX-License-Identifier: MIT */
/* oci_manifest.h - what one image is made of */
#ifndef HOST_IMAGE_OCI_MANIFEST_H
#define HOST_IMAGE_OCI_MANIFEST_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/annotations.h"
#include "host/image/descriptor.h"

/* OCI image-spec, manifest.md; Docker's of schema 2 is the same. */
struct oci_manifest {
	struct descriptor config;
	struct descriptors layers; /* lowest first */
	struct annotations annotations;
};

/*
 * Read a manifest of that media type, and check that it is that of an image:
 * ENOTSUP if config or layers are something else, or cannot be read here;
 * otherwise as oci_document_parse() and descriptors_read().
 */
int oci_manifest_parse(struct oci_manifest *manifest, const char *bytes,
		       size_t size, const char *media_type, struct error *err);

void oci_manifest_release(struct oci_manifest *manifest);

DEFINE_AUTO(oci_manifest, oci_manifest_release)

#endif
