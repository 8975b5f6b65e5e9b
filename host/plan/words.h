/* SPDX-License-Identifier: MIT */
/* words.h - options that take one word of a list */
#ifndef HOST_PLAN_WORDS_H
#define HOST_PLAN_WORDS_H

#include "host/plan/plan.h"

/* What each may be: NULL-terminated, the default first. */
extern const char *const words_accel[];
extern const char *const words_layers[];
extern const char *const words_network[];
extern const char *const words_compress[];
extern const char *const words_progress[];

/*
 * Fill in those of the plan, with the default where nothing was asked for.
 * EINVAL for a word that is not in the list, with a message that has it.
 */
int words_decide(struct plan *plan, const struct request *request,
		 struct error *err);

#endif
