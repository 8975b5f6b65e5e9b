/* SPDX-License-Identifier: MIT */
/* numbers.c - see numbers.h */
#include "host/layer/numbers.h"

#include <string.h>

#define FREE UINT64_MAX

/* Open addressing with linear probing; slots are never emptied. */
static uint64_t *find(const struct numbers *numbers, uint64_t number)
{
	/* Fibonacci hashing: neighbours in number land far apart. */
	uint64_t hash = number * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (numbers->room - 1);

	while (numbers->slots[at] != FREE && numbers->slots[at] != number)
		at = (at + 1) & (numbers->room - 1);
	return &numbers->slots[at];
}

static int grow(struct numbers *numbers)
{
	struct numbers larger = {
		.room = numbers->room ? numbers->room * 2 : 64,
		.count = numbers->count,
	};

	if (numbers->count * 2 < numbers->room)
		return 0;
	larger.slots = malloc(larger.room * sizeof(*larger.slots));
	if (!larger.slots)
		return -1;
	memset(larger.slots, 0xff, larger.room * sizeof(*larger.slots));
	for (size_t i = 0; i < numbers->room; i++)
		if (numbers->slots[i] != FREE)
			*find(&larger, numbers->slots[i]) = numbers->slots[i];
	free(numbers->slots);
	*numbers = larger;
	return 0;
}

int numbers_add(struct numbers *numbers, uint64_t number, struct error *err)
{
	uint64_t *slot;

	if (grow(numbers) < 0)
		return error_errno(err, "remember a number");
	slot = find(numbers, number);
	numbers->count += *slot == FREE;
	*slot = number;
	return 0;
}

bool numbers_has(const struct numbers *numbers, uint64_t number)
{
	return numbers->room > 0 && *find(numbers, number) == number;
}

void numbers_release(struct numbers *numbers)
{
	free(numbers->slots);
	*numbers = (struct numbers){ 0 };
}
