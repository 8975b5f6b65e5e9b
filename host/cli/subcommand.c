/* SPDX-License-Identifier: MIT */
/* subcommand.c - see subcommand.h */
#include "host/cli/subcommand.h"

#include <string.h>

#include "host/plan/nearest.h"

const struct subcommand *subcommand_find(const struct subcommand *list,
					 const char *name)
{
	for (; list->name; list++)
		if (strcmp(list->name, name) == 0)
			return list;
	return NULL;
}

int subcommand_refuse(const struct subcommand *list, const char *what,
		      const char *name, const char *cure, struct error *err)
{
	struct nearest nearest = { .word = name };

	for (; list->name; list++)
		nearest_offer(&nearest, list->name);
	return nearest_refuse(&nearest, what, name, "", cure, err);
}

bool subcommand_asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

void subcommand_print_list(const struct subcommand *list, FILE *out)
{
	int width = 0;

	for (size_t i = 0; list[i].name; i++)
		if ((int)strlen(list[i].name) > width)
			width = (int)strlen(list[i].name);
	for (; list->name; list++)
		fprintf(out, "  %-*s  %s\n", width, list->name, list->help);
}
