/* SPDX-License-Identifier: MIT */
/* options.h - the command line of overlayvm run, and of overlayvm hash */
#ifndef HOST_CLI_OPTIONS_H
#define HOST_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/cli/usage.h"
#include "host/library/overlayvm.h"

/* What was typed besides what a plan is made of. */
struct options {
	struct overlayvm_request *request; /* owned */
	bool dry_run;
	bool print_spec;
	bool print_schema;
	bool json;
	bool help;
};

/* The settings table, and what each of the two has besides; static storage. */
const struct usage *options_of_run(void);
const struct usage *options_of_hash(void);

/*
 * Read argv (argv[0] is the command's name) into *options, which owns its
 * strings. A spec is read first, wherever --spec stands, so that options win
 * over it. EINVAL for what is not known or lacks its value, as usage_next()
 * says it; otherwise as overlayvm_request_read_spec() and
 * overlayvm_request_set_option().
 */
int options_parse(struct options *options, const struct usage *usage, int argc,
		  char **argv, struct error *err);

void options_print_help(FILE *out);

void options_release(struct options *options);

DEFINE_AUTO(options, options_release)

#endif
