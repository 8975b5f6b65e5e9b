/* SPDX-License-Identifier: MIT */
/* cache.h - the subcommand overlayvm cache */
#ifndef HOST_CLI_CACHE_H
#define HOST_CLI_CACHE_H

#include "guest/shared/error.h"
#include "host/cli/subcommand.h"

/* argv[0] is "cache". Returns the exit status; *err has a message unless 0. */
int cache_command(int argc, char **argv, struct error *err);

extern const struct subcommand cache_commands[]; /* those below it */

#endif
