/* SPDX-License-Identifier: MIT */
/* reference.h - where an image is, and which one of it, as the user says it */
#ifndef HOST_IMAGE_REFERENCE_H
#define HOST_IMAGE_REFERENCE_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

enum reference_form {
	REFERENCE_PATH, /* recognised by its content */
	REFERENCE_DOCKER_ARCHIVE,
	REFERENCE_OCI,
	REFERENCE_OCI_ARCHIVE,
	REFERENCE_ROOTFS_TAR,
};

struct reference {
	enum reference_form form;
	char *path; /* owned, never empty after reference_parse() */
	char *name; /* owned; which image of it, NULL: not said */
};

/*
 * Read a reference to an existing image:
 *
 *	docker-archive:PATH[:REF]  oci-archive:PATH[:REF]  oci:DIR[:REF]
 *	rootfs-tar:PATH  PATH
 *
 * A path may have colons. So the file system is asked, in this order: if all
 * of text is the path of something, it is that PATH; if all that follows the
 * form is, there is no REF; then the shortest part before a ':' that is the
 * path of something is PATH. If nothing exists the first ':' ends PATH, as
 * containers/image has it, and opening it will say what is missing.
 *
 * EINVAL if the path or the REF is empty, or ENOMEM; *reference is then
 * untouched.
 */
int reference_parse(struct reference *reference, const char *text,
		    struct error *err);

/*
 * Add the name and the tag of options of their own; both NULL: nothing to do.
 * EINVAL if one of them is missing or empty, or if the reference has a REF.
 */
int reference_select(struct reference *reference, const char *name,
		     const char *tag, struct error *err);

void reference_release(struct reference *reference);

DEFINE_AUTO(reference, reference_release)

#endif
