/* SPDX-License-Identifier: MIT */
/* outcome.h - what the library says, as the command line has it */
#ifndef HOST_CLI_OUTCOME_H
#define HOST_CLI_OUTCOME_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/library/overlayvm.h"

/* The library's box into ours. Returns -1. */
int outcome_error(struct error *err, const struct overlayvm_error *from);

/* Print text that the library has made, if it has; free it. Otherwise -1 with
 * what it says. */
int outcome_print(char *text, const struct overlayvm_error *why,
		  struct error *err);

static inline void outcome_plan_free(struct overlayvm_plan **plan)
{
	overlayvm_plan_free(*plan);
}

/* Of a pointer that is the function's own. */
#define autoplan __attribute__((cleanup(outcome_plan_free)))

#endif
