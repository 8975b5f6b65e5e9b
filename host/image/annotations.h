/* SPDX-License-Identifier: MIT */
/* annotations.h - what a document of an image is annotated with */
#ifndef HOST_IMAGE_ANNOTATIONS_H
#define HOST_IMAGE_ANNOTATIONS_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct json_object;

/* OCI image-spec, annotations.md; and what containerd and Docker write. */
#define ANNOTATION_REF_NAME	   "org.opencontainers.image.ref.name"
#define ANNOTATION_CONTAINERD_NAME "io.containerd.image.name"
#define ANNOTATION_REFERENCE_TYPE  "vnd.docker.reference.type"

struct annotation {
	char *key;   /* owned */
	char *value; /* owned */
};

/* In the order of the document, each key once. */
struct annotations {
	struct annotation *item; /* owned */
	size_t count;
};

/*
 * Read the field "annotations" of an object; missing or null is none. EINVAL
 * if it is no object of strings, ENOMEM.
 */
int annotations_read(struct annotations *annotations,
		     struct json_object *object, struct error *err);

/* The value of a key, NULL if there is none; stays the list's. */
const char *annotations_find(const struct annotations *annotations,
			     const char *key);

void annotations_release(struct annotations *annotations);

DEFINE_AUTO(annotations, annotations_release)

#endif
