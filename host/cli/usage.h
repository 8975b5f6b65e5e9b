/* SPDX-License-Identifier: MIT */
/* usage.h - the options of a command: one table for parser, help, completions */
#ifndef HOST_CLI_USAGE_H
#define HOST_CLI_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "guest/shared/error.h"

struct usage_option {
	const char *name;	  /* "from-image", without the dashes */
	char letter;		  /* its short form, or 0 */
	const char *value;	  /* "REF"; NULL: it takes none */
	const char *help;	  /* lines, without a newline at the end */
	const char *const *words; /* what the value may be; NULL: no list */
};

struct usage {
	const char *command; /* "image check" */
	const struct usage_option *options;
	size_t count;
};

/* What usage_next() returns besides the index of an option. */
#define USAGE_END     (-1)
#define USAGE_REFUSED (-2)

/*
 * The next option on the command line, by its index; *value is what it was
 * given, NULL if it takes none. `first` starts anew. At the end optind is that
 * of the first operand. Refused is, with EINVAL, what is not in the table, and
 * what lacks its value; the message names what is nearest, and ends in "(try
 * 'overlayvm COMMAND --help')".
 */
int usage_next(const struct usage *usage, bool first, int argc, char **argv,
	       const char **value, struct error *err);

/* One line for each option, or more; in columns. */
void usage_print_options(const struct usage *usage, FILE *out);

#endif
