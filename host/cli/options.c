/* SPDX-License-Identifier: MIT */
/* options.c - see options.h */
#include "host/cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "host/plan/spec.h"

#define TRY "(try 'overlayvm run --help')"

/* Those that say how the program is to act, not what the run is. */
enum own_option { OWN_SPEC, OWN_DRY_RUN, OWN_HELP, OWN_COUNT };

static const struct {
	const char *name;
	const char *value; /* for the help; NULL: takes none */
	const char *help;
} own_options[OWN_COUNT] = {
	[OWN_SPEC] = { "spec", "FILE",
		       "read all of these from JSON; options win over it" },
	[OWN_DRY_RUN] = { "dry-run", NULL, "print the plan as JSON and stop" },
	[OWN_HELP] = { "help", NULL, "print this and stop" },
};

/*
 * The table of getopt_long(3), made of the two: the index of an entry, which
 * is below `setting_count` for settings, comes back as its value. The values
 * start at 1, as 0 and '?' mean something else there.
 */
#define VALUE_BASE 1000

static struct option *make_table(void)
{
	struct option *table =
		calloc(setting_count + OWN_COUNT + 1, sizeof(*table));

	for (size_t i = 0; table && i < setting_count; i++)
		table[i] =
			(struct option){ settings[i].option,
					 settings[i].value ? required_argument
							   : no_argument,
					 NULL, VALUE_BASE + (int)i };
	for (size_t i = 0; table && i < OWN_COUNT; i++)
		table[setting_count + i] = (struct option){
			own_options[i].name,
			own_options[i].value ? required_argument : no_argument,
			NULL, VALUE_BASE + (int)(setting_count + i)
		};
	return table;
}

static int take_own(struct options *options, enum own_option which)
{
	switch (which) {
	case OWN_DRY_RUN:
		options->dry_run = true;
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

static int refuse(int found, char **argv, struct error *err)
{
	const char *word = argv[optind - 1];

	/* One letter of several in a word, as in -xy. */
	if (optopt > 0 && optopt < VALUE_BASE)
		return error_set(err, EINVAL, "unknown option '-%c' " TRY,
				 optopt);
	if (found == ':')
		return error_set(err, EINVAL, "option '%s' needs a value " TRY,
				 word);
	return error_set(err, EINVAL, "unknown option '%s' " TRY, word);
}

/*
 * Walk over argv once. The first pass takes the spec only, the second all
 * else, so that the order on the command line does not matter.
 */
static int walk(struct options *options, bool spec_pass, int argc, char **argv,
		const struct option *table, struct error *err)
{
	const int spec = VALUE_BASE + (int)setting_count + OWN_SPEC;
	int found;

	optind = 0; /* glibc: start anew */
	opterr = 0;
	while ((found = getopt_long(argc, argv, ":", table, NULL)) != -1) {
		size_t index = (size_t)(found - VALUE_BASE);
		int status = 0;

		if (found < VALUE_BASE)
			return refuse(found, argv, err);
		if (spec_pass)
			status = found == spec ? spec_load(&options->request,
							   optarg, err)
					       : 0;
		else if (index < setting_count)
			status = request_set_option(&options->request,
						    &settings[index],
						    optarg ? optarg : "", err);
		else
			status = take_own(options,
					  (enum own_option)(index -
							    setting_count));
		if (status < 0)
			return -1;
	}
	if (optind < argc)
		return error_set(err, EINVAL, "'%s' is no option " TRY,
				 argv[optind]);
	return 0;
}

int options_parse(struct options *options, int argc, char **argv,
		  struct error *err)
{
	autofree struct option *table = make_table();
	AUTO(options) parsed = { 0 };

	if (!table)
		return error_set(err, ENOMEM, "out of memory");
	if (walk(&parsed, true, argc, argv, table, err) < 0 ||
	    walk(&parsed, false, argc, argv, table, err) < 0)
		return -1;
	*options = parsed;
	parsed = (struct options){ 0 };
	return 0;
}

static void print_line(FILE *out, const char *name, const char *value,
		       const char *help)
{
	char left[40];

	(void)snprintf(left, sizeof(left), "--%s%s%s", name, value ? " " : "",
		       value ? value : "");
	fprintf(out, "  %-26s %s\n", left, help);
}

void options_print_help(FILE *out)
{
	fputs("Usage: overlayvm run [OPTION]...\n\n"
	      "Run hooks over a container image in a virtual machine and keep "
	      "what they\nchanged as one layer.\n\n",
	      out);
	for (size_t i = 0; i < setting_count; i++)
		print_line(out, settings[i].option, settings[i].value,
			   settings[i].help);
	for (size_t i = 0; i < OWN_COUNT; i++)
		print_line(out, own_options[i].name, own_options[i].value,
			   own_options[i].help);
	fputs("\nExit status: 0 done; a failing hook's own; 124 timed out; "
	      "125 overlayvm itself\nfailed; 128+N hook ended by signal N.\n",
	      out);
}

void options_release(struct options *options)
{
	request_release(&options->request);
}
