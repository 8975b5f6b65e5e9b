/* SPDX-License-Identifier: MIT */
/* recorder.h - a sink of layers that writes down what it is told */
#ifndef TESTS_UNIT_RECORDER_H
#define TESTS_UNIT_RECORDER_H

#include <stddef.h>

#include "guest/shared/layer_read.h"
#include "tests/unit/tarball.h"

struct recorder {
	struct layer_sink sink;
	size_t used;
	char text[1 << 18]; /* "dir a; file a/x; data; settle a; settle " */
	char warnings[2048];
	struct layer_stats stats;
	struct error err;
};

/* Read a layer into *r, which is made for it; returns what layer_read() does.
 * The warnings, as the calls, are one line with "; " between them. */
int recorder_read(struct recorder *r, const struct layer_source *source);
int recorder_read_tarball(struct recorder *r, const struct tarball *t);

/* A sink for a test that wants to change it. */
struct layer_sink recorder_sink(void);

#endif
