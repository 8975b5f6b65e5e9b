/* SPDX-License-Identifier: MIT */
/* target.h - where an image is to be written, and in which form */
#ifndef HOST_IMAGE_TARGET_H
#define HOST_IMAGE_TARGET_H

#include <stdbool.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

enum target_form {
	TARGET_DOCKER_ARCHIVE,
	TARGET_OCI_ARCHIVE,
	TARGET_OCI,
	TARGET_NIX,
};

struct target {
	enum target_form form;
	char *path; /* owned, not empty after target_parse() */
	char *ref;  /* owned; as it is written; NULL: not said */
	char *name; /* owned; of a docker archive: the full name; or NULL */
};

/*
 * Read where to write an image:
 *
 *	docker-archive:PATH[:NAME[:TAG]]   oci-archive:PATH[:REF]
 *	oci:DIR[:REF]                      nix:DIR
 *
 * The first ':' behind the form ends the path, as containers/image has it; but
 * that of nix has no REF. A TAG that is not said is "latest".
 *
 * EINVAL if the form is none of these, a part is empty, NAME is no name as
 * image_name_normalise() takes them, or REF is none that the OCI image-spec
 * allows (annotations.md); ENOMEM. *target is untouched then.
 */
int target_parse(struct target *target, const char *text, struct error *err);

/* Whether text begins with a form: else it is the path of something else. */
bool target_has_form(const char *text);

/* Whether the target is one file, and not a directory. */
bool target_is_file(const struct target *target);

void target_release(struct target *target);

DEFINE_AUTO(target, target_release)

#endif
