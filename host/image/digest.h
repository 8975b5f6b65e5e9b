/* SPDX-License-Identifier: MIT */
/* digest.h - SHA-256 digests: written form, and computing them */
#ifndef HOST_IMAGE_DIGEST_H
#define HOST_IMAGE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

#define DIGEST_HEX_LENGTH 64

/*
 * The 64 digits without "sha256:", always lower case. They come from images,
 * and are used as file names in caches: nothing but digest_parse() and
 * digest_end() may fill them in.
 */
struct digest {
	char hex[DIGEST_HEX_LENGTH + 1]; /* "" before it is known */
};

/* Whether text is exactly 64 lower-case hexadecimal digits. */
bool digest_is_hex(const char *text);

/*
 * Read "sha256:" and 64 lower-case hexadecimal digits (OCI image-spec,
 * descriptor.md). Anything else is EINVAL: the other algorithms of the
 * specification, upper case, and names that only look like a digest.
 */
int digest_parse(struct digest *digest, const char *text, struct error *err);

bool digest_equal(const struct digest *a, const struct digest *b);

/* A computation under way. */
struct digest_state {
	struct evp_md_ctx_st *context; /* owned; NULL before digest_begin() */
};

/* The three fail with ENOMEM, or EIO if libcrypto has no SHA-256 to give. */
int digest_begin(struct digest_state *state, struct error *err);
int digest_add(struct digest_state *state, const void *bytes, size_t size,
	       struct error *err);
int digest_end(struct digest_state *state, struct digest *digest,
	       struct error *err);
void digest_state_release(struct digest_state *state);

DEFINE_AUTO(digest_state, digest_state_release)

/* All of it at once. */
int digest_of(struct digest *digest, const void *bytes, size_t size,
	      struct error *err);

#endif
