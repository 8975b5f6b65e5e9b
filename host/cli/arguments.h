/* SPDX-License-Identifier: MIT */
/* arguments.h - a command line without options, but for --help */
#ifndef HOST_CLI_ARGUMENTS_H
#define HOST_CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/error.h"

/*
 * Take exactly `count` arguments behind argv[0]. `what` names them and `help`
 * the command, for the message: "FROM and TO" and "image convert". *is_help
 * says that there was --help; words is then untouched. EINVAL.
 */
int arguments_take(const char *words[], size_t count, int argc, char **argv,
		   const char *what, const char *help, bool *is_help,
		   struct error *err);

#endif
