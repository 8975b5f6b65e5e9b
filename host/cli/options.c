/* SPDX-License-Identifier: MIT */
/* options.c - see options.h */
#include "host/cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "host/cli/outcome.h"
#include "host/plan/request.h"

#define OPTIONS_MAX 128 /* settings and our own */

/* Those that say how the program is to act, not what the run is. */
enum own_option {
	OWN_SPEC,
	OWN_DRY_RUN,
	OWN_PRINT_SPEC,
	OWN_PRINT_SCHEMA,
	OWN_JSON,
	OWN_HELP,
	OWN_COUNT
};

#define OF_RUN	1U
#define OF_HASH 2U

static const struct own {
	struct usage_option option;
	unsigned of; /* which commands have it */
} own_options[OWN_COUNT] = {
	[OWN_SPEC] = { { "spec", 0, "FILE",
			 "read all of these from JSON; options win over it",
			 NULL },
		       OF_RUN | OF_HASH },
	[OWN_DRY_RUN] = { { "dry-run", 0, NULL,
			    "print the plan as JSON and stop", NULL },
			  OF_RUN },
	[OWN_PRINT_SPEC] = { { "print-spec", 0, NULL,
			       "print what was asked for as a spec and stop",
			       NULL },
			     OF_RUN },
	[OWN_PRINT_SCHEMA] = { { "print-schema", 0, NULL,
				 "print the JSON Schema of specs and stop",
				 NULL },
			       OF_RUN },
	[OWN_JSON] = { { "json", 0, NULL, "print what the digest is of", NULL },
		       OF_HASH },
	[OWN_HELP] = { { "help", 0, NULL, "print this and stop", NULL },
		       OF_RUN | OF_HASH },
};

/* One table of usage.h, and for each of its entries what it is. */
struct table {
	struct usage usage;
	struct usage_option options[OPTIONS_MAX];
	enum own_option own[OPTIONS_MAX]; /* from setting_count on */
};

static const struct usage *fill(struct table *table, const char *command,
				unsigned of)
{
	size_t n = 0;

	for (size_t i = 0; i < setting_count && n < OPTIONS_MAX; i++)
		table->options[n++] = (struct usage_option){
			settings[i].option, 0, settings[i].value,
			settings[i].help, settings[i].words
		};
	for (size_t i = 0; i < OWN_COUNT && n < OPTIONS_MAX; i++) {
		if (!(own_options[i].of & of))
			continue;
		table->own[n] = (enum own_option)i;
		table->options[n++] = own_options[i].option;
	}
	table->usage = (struct usage){ command, table->options, n };
	return &table->usage;
}

static struct table run_table;
static struct table hash_table;

const struct usage *options_of_run(void)
{
	return fill(&run_table, "run", OF_RUN);
}

const struct usage *options_of_hash(void)
{
	return fill(&hash_table, "hash", OF_HASH);
}

static int take_own(struct options *options, enum own_option which)
{
	switch (which) {
	case OWN_DRY_RUN:
		options->dry_run = true;
		break;
	case OWN_PRINT_SPEC:
		options->print_spec = true;
		break;
	case OWN_PRINT_SCHEMA:
		options->print_schema = true;
		break;
	case OWN_JSON:
		options->json = true;
		break;
	case OWN_HELP:
		options->help = true;
		break;
	case OWN_SPEC: /* was read in the first pass */
	case OWN_COUNT:
		break;
	}
	return 0;
}

static const struct table *table_of(const struct usage *usage)
{
	return usage == &hash_table.usage ? &hash_table : &run_table;
}

/* The option of this index, in the pass that it belongs to. */
static int take(struct options *options, const struct table *table,
		bool spec_pass, size_t index, const char *value,
		struct error *err)
{
	bool is_setting = index < setting_count;
	bool is_spec = !is_setting && table->own[index] == OWN_SPEC;
	struct overlayvm_error why;
	int status = 0;

	if (!is_setting && !spec_pass)
		return take_own(options, table->own[index]);
	if (is_setting && !spec_pass)
		status = overlayvm_request_set_option(options->request,
						      settings[index].option,
						      value, &why);
	else if (is_spec && spec_pass)
		status = overlayvm_request_read_spec(options->request, value,
						     &why);
	return status < 0 ? outcome_error(err, &why) : 0;
}

/*
 * Walk over argv once. The first pass takes the spec only, the second all
 * else, so that the order on the command line does not matter.
 */
static int walk(struct options *options, const struct usage *usage,
		bool spec_pass, int argc, char **argv, struct error *err)
{
	const char *value;
	bool first = true;
	int i;

	while ((i = usage_next(usage, first, argc, argv, &value, err)) >= 0) {
		first = false;
		if (take(options, table_of(usage), spec_pass, (size_t)i, value,
			 err) < 0)
			return -1;
	}
	if (i == USAGE_REFUSED)
		return -1;
	if (optind < argc)
		return error_set(err, EINVAL,
				 "'%s' is no option (try 'overlayvm %s "
				 "--help')",
				 argv[optind], usage->command);
	return 0;
}

int options_parse(struct options *options, const struct usage *usage, int argc,
		  char **argv, struct error *err)
{
	AUTO(options) parsed = { .request = overlayvm_request_new() };

	if (!parsed.request)
		return error_set(err, ENOMEM, "out of memory");
	if (walk(&parsed, usage, true, argc, argv, err) < 0 ||
	    walk(&parsed, usage, false, argc, argv, err) < 0)
		return -1;
	*options = parsed;
	parsed = (struct options){ 0 };
	return 0;
}

void options_print_help(FILE *out)
{
	fputs("Usage: overlayvm run [OPTION]...\n\n"
	      "Run hooks over a container image in a virtual machine and keep "
	      "what they\nchanged as one layer.\n\n",
	      out);
	usage_print_options(options_of_run(), out);
	fputs("\nExit status: 0 done; a failing hook's own; 124 timed out; "
	      "125 overlayvm itself\nfailed; 128+N hook ended by signal N.\n",
	      out);
}

void options_release(struct options *options)
{
	overlayvm_request_free(options->request);
}
