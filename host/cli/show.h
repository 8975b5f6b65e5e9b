/* SPDX-License-Identifier: MIT */
/* show.h - the subcommand overlayvm show */
#ifndef HOST_CLI_SHOW_H
#define HOST_CLI_SHOW_H

#include "guest/shared/error.h"

/* argv[0] is "show". Returns the exit status; *err has a message unless 0. */
int show_command(int argc, char **argv, struct error *err);

#endif
