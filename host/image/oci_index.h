/* SPDX-License-Identifier: MIT */
/* oci_index.h - a list of images, of one image for several machines, or both */
#ifndef HOST_IMAGE_OCI_INDEX_H
#define HOST_IMAGE_OCI_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/error.h"
#include "host/image/descriptor.h"

/*
 * Read an index (OCI image-spec, image-index.md), of that media type, NULL:
 * whatever it says. Fails as oci_document_parse() and descriptors_read().
 */
int oci_index_parse(struct descriptors *entries, const char *bytes, size_t size,
		    const char *media_type, struct error *err);

/*
 * How well the image that an entry leads to suits this machine, as
 * platform_rank(). -1 also for what is no image: an attestation of BuildKit's,
 * a signature, anything that is neither index nor manifest. An index that says
 * nothing is taken to have something for every machine.
 */
int oci_index_rank(const struct descriptor *entry);

/* The one that suits best, of equals the first; NULL if none does. */
const struct descriptor *oci_index_best(const struct descriptors *entries);

/* ENOENT; the message lists the platforms that there are. Returns -1. */
int oci_index_say_no_platform(const struct descriptors *entries,
			      struct error *err);

/*
 * A name of the entry: `number` counts from 0, NULL ends. The full name that
 * containerd and Docker give comes before the ref.name, which may be just the
 * tag.
 */
const char *oci_index_name(const struct descriptor *entry, size_t number);

/* Which of its names is `name` (image_name_equal); NULL: none. */
const char *oci_index_named(const struct descriptor *entry, const char *name);

#endif
