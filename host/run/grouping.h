/* SPDX-License-Identifier: MIT */
/* grouping.h - which layers share a partition */
#ifndef HOST_RUN_GROUPING_H
#define HOST_RUN_GROUPING_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/message.h"

/*
 * Each layer that is mounted has a partition of its own, as long as there are
 * no more than MESSAGE_PARTITIONS_MAX; of more the lowest ones share the
 * first. They are those that change least, so that the file that they share
 * serves many images.
 */
struct grouping {
	size_t members[MESSAGE_LAYERS_MAX]; /* numbers of layers, ascending */
	size_t count;
	size_t shared; /* how many of them are in group 0 */
};

/* Group those layers of `count` for which `mounted` is true. */
void grouping_make(struct grouping *grouping, const bool *mounted,
		   size_t count);

size_t grouping_groups(const struct grouping *grouping);

/* The numbers of the layers in one group, and how many they are. */
const size_t *grouping_members(const struct grouping *grouping, size_t group,
			       size_t *count);

#endif
