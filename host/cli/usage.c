/* SPDX-License-Identifier: MIT */
/* usage.c - see usage.h */
#include "host/cli/usage.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/plan/nearest.h"

/* The value of a long option is this and its index: 0, letters, '?' and ':'
 * mean something else to getopt_long(3). */
#define VALUE_BASE 1000

#define COMMAND_MAX 64 /* bytes */

static struct option *make_long(const struct usage *usage)
{
	struct option *table = calloc(usage->count + 1, sizeof(*table));

	for (size_t i = 0; table && i < usage->count; i++)
		table[i] = (struct option){ usage->options[i].name,
					    usage->options[i].value
						    ? required_argument
						    : no_argument,
					    NULL, VALUE_BASE + (int)i };
	return table;
}

/* ":" first, so that a value that lacks is told from an unknown option. */
static char *make_short(const struct usage *usage)
{
	char *text = calloc(1, 2 * usage->count + 2);
	size_t used = 0;

	if (!text)
		return NULL;
	text[used++] = ':';
	for (size_t i = 0; i < usage->count; i++) {
		if (!usage->options[i].letter)
			continue;
		text[used++] = usage->options[i].letter;
		if (usage->options[i].value)
			text[used++] = ':';
	}
	return text;
}

static void make_cure(char cure[COMMAND_MAX], const struct usage *usage)
{
	(void)snprintf(cure, COMMAND_MAX, "try 'overlayvm %s --help'",
		       usage->command);
}

static int refuse_name(const struct usage *usage, const char *word,
		       struct error *err)
{
	char name[NEAREST_WORD_MAX + 2];
	char cure[COMMAND_MAX];
	struct nearest nearest = { .word = name };

	make_cure(cure, usage);
	(void)snprintf(name, sizeof(name), "%.*s",
		       (int)strcspn(word + strspn(word, "-"), "="),
		       word + strspn(word, "-"));
	for (size_t i = 0; i < usage->count; i++)
		if (strcmp(usage->options[i].name, name) != 0)
			nearest_offer(&nearest, usage->options[i].name);
	return nearest_refuse(&nearest, "unknown option", word, "--", cure,
			      err);
}

static int refuse(const struct usage *usage, int found, const char *word,
		  struct error *err)
{
	char cure[COMMAND_MAX];

	make_cure(cure, usage);
	if (found == ':')
		return error_set(err, EINVAL, "option '%s' needs a value (%s)",
				 word, cure);
	/* One letter of several in a word, as in -xy. */
	if (optopt > 0 && optopt < VALUE_BASE)
		return error_set(err, EINVAL, "unknown option '-%c' (%s)",
				 optopt, cure);
	return refuse_name(usage, word, err);
}

static int index_of(const struct usage *usage, int found)
{
	if (found >= VALUE_BASE)
		return found - VALUE_BASE;
	for (size_t i = 0; i < usage->count; i++)
		if (usage->options[i].letter == found)
			return (int)i;
	return USAGE_REFUSED;
}

int usage_next(const struct usage *usage, bool first, int argc, char **argv,
	       const char **value, struct error *err)
{
	autofree struct option *longs = make_long(usage);
	autofree char *shorts = make_short(usage);
	int found;

	if (!longs || !shorts) {
		(void)error_set(err, ENOMEM, "out of memory");
		return USAGE_REFUSED;
	}
	if (first)
		optind = 0; /* GNU: also forget what an earlier parser left */
	opterr = 0;
	found = getopt_long(argc, argv, shorts, longs, NULL);
	*value = optarg;
	if (found == -1)
		return USAGE_END;
	if (found != '?' && found != ':')
		return index_of(usage, found);
	(void)refuse(usage, found, argv[optind - 1], err);
	return USAGE_REFUSED;
}

static int left_of(const struct usage_option *option, char *left, size_t size)
{
	char letter[] = { '-', option->letter, ',', ' ', '\0' };

	return snprintf(left, size, "%s--%s%s%s", option->letter ? letter : "",
			option->name, option->value ? " " : "",
			option->value ? option->value : "");
}

static int width_of(const struct usage *usage)
{
	int width = 0;

	for (size_t i = 0; i < usage->count; i++) {
		char none[1];
		int length = left_of(&usage->options[i], none, sizeof(none));

		width = length > width ? length : width;
	}
	return width;
}

void usage_print_options(const struct usage *usage, FILE *out)
{
	int width = width_of(usage);
	char left[128];

	for (size_t i = 0; i < usage->count; i++) {
		const char *line = usage->options[i].help;

		(void)left_of(&usage->options[i], left, sizeof(left));
		for (;;) {
			int length = (int)strcspn(line, "\n");

			fprintf(out, "  %-*s   %.*s\n", width, left, length,
				line);
			if (!line[length])
				break;
			line += length + 1;
			left[0] = '\0';
		}
	}
}
