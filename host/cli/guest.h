/* SPDX-License-Identifier: MIT */
/* guest.h - overlayvm guest build|list|remove */
#ifndef HOST_CLI_GUEST_H
#define HOST_CLI_GUEST_H

#include "guest/shared/error.h"
#include "host/cli/subcommand.h"

/*
 * argv[0] is "guest". Prints what was asked for on stdout and notes on stderr.
 * Returns the exit status: 0, or 125 with *err filled in.
 */
int guest_command(int argc, char **argv, struct error *err);

extern const struct subcommand guest_commands[]; /* those below it */

#endif
