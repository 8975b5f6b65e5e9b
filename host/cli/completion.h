/* SPDX-License-Identifier: MIT */
/* completion.h - what makes a shell complete the command line */
#ifndef HOST_CLI_COMPLETION_H
#define HOST_CLI_COMPLETION_H

#include <stdio.h>

#include "guest/shared/error.h"
#include "host/cli/subcommand.h"

/* What a value or an operand is, as far as a shell can complete it. */
enum completion_kind {
	COMPLETION_TEXT, /* anything */
	COMPLETION_FILE,
	COMPLETION_DIRECTORY,
	COMPLETION_IMAGE,  /* a file or directory, a form and a colon first */
	COMPLETION_SCRIPT, /* text, or '@' and a file */
};

/* By the name that the help has for it: "PATH", "DIR|PACKAGE", "REF". */
enum completion_kind completion_kind_of(const char *value);

/* The forms that an image can begin with, for shells: "oci: ...". */
#define COMPLETION_FORMS "docker-archive: oci-archive: oci:"

/* The text with each byte of `escaped` behind a backslash, newlines as spaces;
 * an apostrophe as `apostrophe` has it. */
void completion_print_quoted(const char *text, const char *escaped,
			     const char *apostrophe, FILE *out);

/* The script of each shell, for the commands of this list and those below. */
void completion_print_bash(const struct subcommand *top, FILE *out);
void completion_print_zsh(const struct subcommand *top, FILE *out);
void completion_print_fish(const struct subcommand *top, FILE *out);

extern const struct subcommand completion_shells[];

/* overlayvm completion SHELL; argv[0] is "completion". Returns the exit
 * status; *err has a message unless it is 0. */
int completion_command(const struct subcommand *top, int argc, char **argv,
		       struct error *err);

#endif
