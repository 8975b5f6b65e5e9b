/* SPDX-License-Identifier: MIT */
/* unpack.h - layers unpacked in a test's directory, and looks at the result */
#ifndef TESTS_UNIT_UNPACK_H
#define TESTS_UNIT_UNPACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "guest/shared/layer_dir.h"
#include "tests/unit/tarball.h"

struct unpacking {
	struct layer_dir_options options;
	struct layer_stats stats;
	struct error err;
	char warnings[1024]; /* with "; " between them */
	int lower_calls;     /* of open_lower(), which is a test's own */
	int lower_code;	     /* what it fails with; -1: it succeeds */
};

/* Unpack into "root" of the working directory, which is made if it is not
 * there. Returns what layer_unpack() does. */
int unpack_tarball(struct unpacking *run, const struct tarball *t);

/* The same, and it must neither fail nor warn. */
void unpack_well(const struct tarball *t);

/* An entry owned by whoever runs the test; `text` is the target of a link. */
void unpack_add(struct tarball *t, const char *name, char type,
		unsigned int mode, int64_t mtime, const char *text);

struct stat unpacked_stat(const char *path);
void unpacked_content(const char *path, const char *want);
void unpacked_xattr(const char *path, const char *name, const void *want,
		    size_t size);

#endif
