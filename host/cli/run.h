/* SPDX-License-Identifier: MIT */
/* run.h - the subcommand overlayvm run */
#ifndef HOST_CLI_RUN_H
#define HOST_CLI_RUN_H

#include "guest/shared/error.h"

/* argv[0] is "run". Returns the exit status; *err has a message unless 0. */
int run_command(int argc, char **argv, struct error *err);

#endif
