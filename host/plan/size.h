/* SPDX-License-Identifier: MIT */
/* size.h - sizes and numbers as people write them */
#ifndef HOST_PLAN_SIZE_H
#define HOST_PLAN_SIZE_H

#include <stdint.h>

#include "guest/shared/error.h"

/*
 * A size in MiB: decimal digits, and M (as without a suffix), G or T behind
 * them. `what` names it in the message. EINVAL for anything else, for 0 and
 * for more than 2^40 MiB.
 */
int size_parse(const char *text, const char *what, uint64_t *mib,
	       struct error *err);

/* A whole number from min to max. EINVAL names both. */
int number_parse(const char *text, const char *what, uint64_t min, uint64_t max,
		 uint64_t *number, struct error *err);

#endif
