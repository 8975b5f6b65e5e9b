/* SPDX-License-Identifier: MIT */
/* name.h - names of images, as Docker understands them */
#ifndef HOST_IMAGE_NAME_H
#define HOST_IMAGE_NAME_H

#include <stdbool.h>

/*
 * The full form of a name: host, path, and tag or digest. "busybox" becomes
 * "docker.io/library/busybox:latest". The part before the first '/' is a host
 * when it has a '.', a ':' or an upper-case letter, or is "localhost". A name
 * with a digest ("busybox@sha256:...") gets no tag. The rules are those of
 * github.com/distribution/reference (normalize.go, regexp.go).
 *
 * The caller owns what comes back; NULL with EINVAL if text is no such name
 * (upper case in the path, an empty part, a bad tag), with ENOMEM otherwise.
 */
char *image_name_normalise(const char *text);

/*
 * Whether the two name the same image: as they stand, or in their full form.
 * Never by a part: "foo:1.1" is not "foo:1.10".
 */
bool image_name_equal(const char *a, const char *b);

#endif
