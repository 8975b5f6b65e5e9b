/* SPDX-License-Identifier: MIT */
/* grouping.c - see grouping.h */
#include "host/run/grouping.h"

void grouping_make(struct grouping *grouping, const bool *mounted, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < count && found < MESSAGE_LAYERS_MAX; i++)
		if (mounted[i])
			grouping->members[found++] = i;
	grouping->count = found;
	grouping->shared = found > MESSAGE_PARTITIONS_MAX
				   ? found - MESSAGE_PARTITIONS_MAX + 1
				   : found > 0;
}

size_t grouping_groups(const struct grouping *grouping)
{
	return grouping->count - grouping->shared + (grouping->shared > 0);
}

const size_t *grouping_members(const struct grouping *grouping, size_t group,
			       size_t *count)
{
	*count = group == 0 ? grouping->shared : 1;
	return group == 0 ? grouping->members
			  : grouping->members + grouping->shared + group - 1;
}
