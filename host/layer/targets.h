/* SPDX-License-Identifier: MIT */
/* targets.h - the files that hard links of a layer refer to */
#ifndef HOST_LAYER_TARGETS_H
#define HOST_LAYER_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct target {
	char *path;	/* owned; of the file, and after its NUL of the link */
	uint64_t entry; /* number of the link in the layer */
	bool met;	/* the file was found, before the link */
};

/*
 * Collected while a layer is read, and compared with its files when it is
 * read a second time: memory goes with the links and not with the files.
 * Usable from { 0 }.
 */
struct targets {
	struct target *list; /* owned */
	size_t count;
	size_t room;
	uint64_t bytes; /* in use */
};

/* The link `path`, which is entry number `entry`. E2BIG if all would take
 * more than `limit` bytes. */
int targets_add(struct targets *targets, const char *target, const char *path,
		uint64_t entry, uint64_t limit, struct error *err);

/* No more will be added. Of several links to one file the first is kept. */
void targets_sort(struct targets *targets);

/* There is a regular file `path`, entry number `entry`. */
void targets_meet(struct targets *targets, const char *path, uint64_t entry);

/* All files were met: EPROTO if a link came before its file, or has none. */
int targets_check(const struct targets *targets, struct error *err);

void targets_release(struct targets *targets);

DEFINE_AUTO(targets, targets_release)

#endif
