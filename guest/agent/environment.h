/* SPDX-License-Identifier: MIT */
/* environment.h - the environment of the hooks, built from scratch */
#ifndef GUEST_AGENT_ENVIRONMENT_H
#define GUEST_AGENT_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

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

/*
 * The same over other defaults: what a command in the image finds, with the
 * PATH that Docker gives one, and `home`.
 */
int environment_make_command(struct environment *environment, const char *home,
			     char *const *given, struct error *err);

/*
 * Whether a shell that runs already can be given all of it by `export`, and is
 * then as if it had been started with it: each name is an identifier, and none
 * that means something to bash at its start or is not to be assigned to
 * (bash(1), "Shell Variables").
 */
bool environment_is_plain(const struct environment *environment);

/* Write it as commands of bash, byte by byte as it is. */
void environment_print(const struct environment *environment, FILE *out);

void environment_release(struct environment *environment);

DEFINE_AUTO(environment, environment_release)

#endif
