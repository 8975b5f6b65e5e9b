/* SPDX-License-Identifier: MIT */
/* show.h - the subcommand overlayvm show */
#ifndef HOST_CLI_SHOW_H
#define HOST_CLI_SHOW_H

#include "guest/shared/error.h"
#include "host/cli/usage.h"

/* argv[0] is "show". Returns the exit status; *err has a message unless 0. */
int show_command(int argc, char **argv, struct error *err);

/* Its options; static storage. */
const struct usage *show_usage(void);

#endif
