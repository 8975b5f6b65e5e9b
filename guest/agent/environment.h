/* SPDX-License-Identifier: MIT */
/* environment.h - the environment of the hooks, built from scratch */
#ifndef GUEST_AGENT_ENVIRONMENT_H
#define GUEST_AGENT_ENVIRONMENT_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct environment {
	char **values; /* owned, as is each "NAME=VALUE"; NULL-terminated */
	size_t count;
};

/*
 * What every hook finds (PATH, HOME, TMPDIR, LC_ALL, out), and the variables
 * of the plan, which win over these and over earlier ones of the same name.
 */
int environment_make(struct environment *environment, char *const *given,
		     struct error *err);

void environment_release(struct environment *environment);

DEFINE_AUTO(environment, environment_release)

#endif
