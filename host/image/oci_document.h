/* SPDX-License-Identifier: MIT */
/* oci_document.h - what an OCI index and a manifest have in common */
#ifndef HOST_IMAGE_OCI_DOCUMENT_H
#define HOST_IMAGE_OCI_DOCUMENT_H

#include <stddef.h>

#include "guest/shared/error.h"
#include "host/image/media_type.h"

struct json_object;

/*
 * Read the JSON of one of the two and check that it can be nothing else: a
 * document that says both is one thing to some readers and another to others
 * (CVE-2021-41190). Its media type, where it names one, must be `media_type`,
 * by which it was found; NULL: any of that kind. The caller owns a reference.
 *
 * EINVAL for what is no such document, ENOMEM.
 */
int oci_document_parse(struct json_object **document, const char *bytes,
		       size_t size, enum media_kind kind,
		       const char *media_type, struct error *err);

#endif
