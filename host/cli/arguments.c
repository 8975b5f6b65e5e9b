/* SPDX-License-Identifier: MIT */
/* arguments.c - see arguments.h */
#include "host/cli/arguments.h"

#include <errno.h>
#include <getopt.h>

int arguments_take(const char *words[], size_t count, int argc, char **argv,
		   const char *what, const char *help, bool *is_help,
		   struct error *err)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int letter;

	*is_help = false;
	optind = 0; /* GNU: also forget what an earlier parser left */
	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (letter != 'h')
			return error_set(err, EINVAL,
					 "unknown option '%s' (try 'overlayvm "
					 "%s --help')",
					 argv[optind - 1], help);
		*is_help = true;
	}
	if (*is_help)
		return 0;
	if ((size_t)(argc - optind) != count)
		return error_set(err, EINVAL,
				 "give %s (try 'overlayvm %s --help')", what,
				 help);
	for (size_t i = 0; i < count; i++)
		words[i] = argv[optind + (int)i];
	return 0;
}
