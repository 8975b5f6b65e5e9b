/* SPDX-License-Identifier: MIT */
/* member_bytes.h - a list of members as bytes, from a reader that is jailed */
#ifndef HOST_IMAGE_MEMBER_BYTES_H
#define HOST_IMAGE_MEMBER_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "host/image/member.h"

/* What the longest list takes. */
#define MEMBER_BYTES_MAX (MEMBERS_NAMES_MAX + (size_t)MEMBERS_MAX * 32)

/* *bytes is the caller's to free. ENOMEM. */
int member_bytes_write(const struct members *members, char **bytes,
		       size_t *size, struct error *err);

/*
 * The list again, in that order; *members must be { 0 }. Nothing of it is
 * believed: EPROTO for what cannot be a list, or cannot be of a file of
 * `file_size` bytes; otherwise as members_add(). On failure *members is to be
 * released all the same.
 */
int member_bytes_read(struct members *members, const void *bytes, size_t size,
		      uint64_t file_size, struct error *err);

#endif
