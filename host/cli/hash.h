/* SPDX-License-Identifier: MIT */
/* hash.h - the subcommand overlayvm hash */
#ifndef HOST_CLI_HASH_H
#define HOST_CLI_HASH_H

#include "guest/shared/error.h"

/*
 * argv[0] is "hash"; the options are those of "run". Prints the digest of all
 * that the layer of that run depends on. Returns the exit status; *err has a
 * message unless it is 0.
 */
int hash_command(int argc, char **argv, struct error *err);

#endif
