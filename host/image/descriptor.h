/* SPDX-License-Identifier: MIT */
/* descriptor.h - what one document of an image says about another blob */
#ifndef HOST_IMAGE_DESCRIPTOR_H
#define HOST_IMAGE_DESCRIPTOR_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/annotations.h"
#include "host/image/digest.h"
#include "host/image/platform.h"

struct json_object;

/* OCI image-spec, descriptor.md. */
struct descriptor {
	char *media_type; /* owned */
	struct digest digest;
	uint64_t size; /* bytes */
	struct annotations annotations;
	struct platform platform; /* of those in an index */
};

struct descriptors {
	struct descriptor *item; /* owned */
	size_t count;
};

/*
 * Read a descriptor. mediaType, digest and size must be there; what is
 * embedded as `data` must be of that digest and size, and is not used. EINVAL,
 * EBADMSG for such data, ENOMEM.
 */
int descriptor_read(struct descriptor *descriptor, struct json_object *object,
		    struct error *err);

/* Copy what it takes to read the blob: media type, digest and size. ENOMEM. */
int descriptor_copy(struct descriptor *copy, const struct descriptor *from,
		    struct error *err);

void descriptor_release(struct descriptor *descriptor);

/* The field of an object that is an array of descriptors; null is empty. */
int descriptors_read(struct descriptors *list, struct json_object *object,
		     const char *key, struct error *err);

void descriptors_release(struct descriptors *list);

DEFINE_AUTO(descriptor, descriptor_release)
DEFINE_AUTO(descriptors, descriptors_release)

#endif
