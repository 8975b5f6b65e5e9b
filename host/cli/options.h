/* SPDX-License-Identifier: MIT */
/* options.h - the command line of overlayvm run */
#ifndef HOST_CLI_OPTIONS_H
#define HOST_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "guest/shared/error.h"
#include "host/plan/request.h"

/* What was typed besides what a plan is made of. */
struct options {
	struct request request;
	bool dry_run;
	bool help;
};

/*
 * Read argv (argv[0] is "run") into *options, which owns its strings. A spec
 * is read first, wherever --spec stands, so that options win over it. EINVAL
 * for what is not known or lacks its value, with a message that ends in
 * "(try 'overlayvm run --help')"; otherwise as spec_load() and
 * request_set_option().
 */
int options_parse(struct options *options, int argc, char **argv,
		  struct error *err);

/* One line for each entry of the settings table, and those of this file. */
void options_print_help(FILE *out);

void options_release(struct options *options);

DEFINE_AUTO(options, options_release)

#endif
