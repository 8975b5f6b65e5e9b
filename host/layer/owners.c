/* SPDX-License-Identifier: MIT */
/* owners.c - see owners.h */
#include "host/layer/owners.h"

#include <string.h>

#define FREE UINT32_MAX /* no id: (uid_t)-1 means "leave it" to chown(2) */

/* Open addressing with linear probing; slots are never emptied. */
static uint32_t *find(const struct owners *owners, uint32_t id)
{
	/* Fibonacci hashing: neighbours in number land far apart. */
	size_t at = (uint32_t)(id * UINT32_C(2654435769)) & (owners->room - 1);

	while (owners->slots[at] != FREE && owners->slots[at] != id)
		at = (at + 1) & (owners->room - 1);
	return &owners->slots[at];
}

static int grow(struct owners *owners)
{
	struct owners larger = { .room = owners->room ? owners->room * 2 : 64,
				 .count = owners->count };

	if (owners->count * 2 < owners->room)
		return 0;
	larger.slots = malloc(larger.room * sizeof(*larger.slots));
	if (!larger.slots)
		return -1;
	memset(larger.slots, 0xff, larger.room * sizeof(*larger.slots));
	for (size_t i = 0; i < owners->room; i++)
		if (owners->slots[i] != FREE)
			*find(&larger, owners->slots[i]) = owners->slots[i];
	free(owners->slots);
	*owners = larger;
	return 0;
}

int owners_add(struct owners *owners, uint32_t id, struct error *err)
{
	uint32_t *slot;

	if (grow(owners) < 0)
		return error_errno(err, "count the owners");
	slot = find(owners, id);
	if (*slot == FREE) {
		*slot = id;
		owners->count++;
	}
	return 0;
}

void owners_release(struct owners *owners)
{
	free(owners->slots);
	*owners = (struct owners){ 0 };
}
