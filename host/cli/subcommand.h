/* SPDX-License-Identifier: MIT */
/* subcommand.h - a subcommand, as the parser, the help and completions see it */
#ifndef HOST_CLI_SUBCOMMAND_H
#define HOST_CLI_SUBCOMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "guest/shared/error.h"
#include "host/cli/usage.h"

/* Lists of these end with one without a name. */
struct subcommand {
	const char *name;
	const char *help; /* a line; NULL: only that of the command above */
	int (*run)(int argc, char **argv, struct error *err);
	const struct usage *(*usage)(void); /* NULL: --help and no more */
	/* What stands behind the options, "PATH"; of one that has others below
	 * it, what stands before their names. */
	const char *operand;
	const struct subcommand *below; /* its own subcommands, or NULL */
};

/* NULL if there is none of that name. */
const struct subcommand *subcommand_find(const struct subcommand *list,
					 const char *name);

/* EINVAL: "WHAT 'NAME' (did you mean 'near'? CURE)", as nearest_refuse(). */
int subcommand_refuse(const struct subcommand *list, const char *what,
		      const char *name, const char *cure, struct error *err);

/* Whether there is a --help among the arguments. */
bool subcommand_asks_for_help(int argc, char **argv);

/* A line for each: name and help. */
void subcommand_print_list(const struct subcommand *list, FILE *out);

#endif
