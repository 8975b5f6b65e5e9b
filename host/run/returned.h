/* SPDX-License-Identifier: MIT */
/* returned.h - a layer that the guest returns, and the file it goes to */
#ifndef HOST_RUN_RETURNED_H
#define HOST_RUN_RETURNED_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/run/collect.h"
#include "host/run/output.h"

/* Must stay where it is from returned_open() to returned_release(). */
struct returned {
	struct output output;
	int spool; /* owned; the layer before it is compressed; -1: it is not */
	struct collect collect;
};

#define RETURNED_NONE                                                          \
	{                                                                      \
		.output = OUTPUT_NONE, .spool = -1                             \
	}

/*
 * Be ready for its bytes. It goes to `path`, as output_open() has it, by way
 * of a file in the directory `dir` if it is to be compressed. Fails as
 * output_open(), openat(2) and collect_begin() do; what was opened is the
 * caller's to returned_release() even then.
 */
int returned_open(struct returned *layer, const char *path,
		  enum compression compression, int dir, struct error *err);

void returned_release(struct returned *layer);

#endif
