/* SPDX-License-Identifier: MIT */
/* repeats.h - which files of a layer are replaced by a later entry */
#ifndef HOST_LAYER_REPEATS_H
#define HOST_LAYER_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/* More than this and the layer is left to who can take a file back. */
#define REPEATS_MAX 4096

/*
 * How often the file at each path was removed again. A path is made and
 * removed in turns, so who reads the layer a second time passes over it as
 * often as it was removed, and the one after that stays. Usable from { 0 }.
 */
struct repeats {
	void *tree; /* of tsearch(3); owned, with its nodes */
	size_t count;
};

/* The file at `path` was removed. E2BIG beyond REPEATS_MAX, ENOMEM. */
int repeats_note(struct repeats *repeats, const char *path, struct error *err);

/* Is the file that comes now one of those? Counts it as passed over if so. */
bool repeats_pass(struct repeats *repeats, const char *path);

/* Call `each` for every path, with how often it is still to be passed over. */
void repeats_each(const struct repeats *repeats,
		  void (*each)(const char *path, uint32_t times, void *context),
		  void *context);

void repeats_release(struct repeats *repeats);

DEFINE_AUTO(repeats, repeats_release)

#endif
