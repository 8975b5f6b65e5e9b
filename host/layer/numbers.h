/* SPDX-License-Identifier: MIT */
/* numbers.h - a set of numbers, in memory */
#ifndef HOST_LAYER_NUMBERS_H
#define HOST_LAYER_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/* Usable from { 0 }. */
struct numbers {
	uint64_t *slots; /* owned; room is 0 or a power of two */
	size_t room;
	size_t count; /* of different numbers */
};

/* Any number but UINT64_MAX. ENOMEM. */
int numbers_add(struct numbers *numbers, uint64_t number, struct error *err);

bool numbers_has(const struct numbers *numbers, uint64_t number);

void numbers_release(struct numbers *numbers);

DEFINE_AUTO(numbers, numbers_release)

#endif
