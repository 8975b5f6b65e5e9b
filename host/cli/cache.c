/* SPDX-License-Identifier: MIT */
/* cache.c - see cache.h */
#include "host/cli/cache.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "guest/shared/cleanup.h"
#include "host/layer/cache.h"
#include "host/plan/size.h"
#include "host/run/failure.h"
#include "images/place.h"

#define TRY	   "(try 'overlayvm cache --help')"
#define MIB	   1048576.0 /* bytes */
#define DAY	   86400     /* seconds */
#define AGE_MAX	   36500     /* days */
#define WHEN_MAX   20	     /* bytes */
#define NAME_SHOWN 24	     /* characters; names are digests, mostly */

static const char about[] =
	"Usage: overlayvm cache list\n"
	"       overlayvm cache prune --all | [--size MIB] [--age DAYS]\n"
	"\n"
	"What runs keep for later ones: layers that were prepared, guests "
	"that\n"
	"have booted (templates), and scratch disks that were formatted.\n"
	"\n"
	"list shows each with its size and when it was last used. prune "
	"removes\n"
	"what no run is using:\n"
	"\n";

enum option_index { OPTION_ALL, OPTION_SIZE, OPTION_AGE, OPTION_HELP };

static const struct usage_option options[] = {
	[OPTION_ALL] = { "all", 0, NULL, "everything", NULL },
	[OPTION_SIZE] = { "size", 0, "MIB",
			  "the least recently used, until MIB are left", NULL },
	[OPTION_AGE] = { "age", 0, "DAYS",
			 "what was not used for so long; with --size of that",
			 NULL },
	[OPTION_HELP] = { "help", 0, NULL, "print this", NULL },
};
/* What "cache --help" prints is for both commands. */
static const struct usage prune_usage = { "cache", options, COUNT_OF(options) };

static const struct usage *usage_of_prune(void)
{
	return &prune_usage;
}

/* What was typed after prune. */
struct prune {
	bool all;
	bool has_size;
	uint64_t size; /* MiB */
	bool has_age;
	uint64_t age; /* days */
};

static int take_size(struct prune *prune, const char *value, struct error *err)
{
	/* To keep nothing is no size for a disk, but one for a cache. */
	prune->has_size = true;
	if (strcmp(value, "0") == 0)
		return 0;
	return size_parse(value, "--size", &prune->size, err);
}

static int take_option(struct prune *prune, enum option_index option,
		       const char *value, struct error *err)
{
	switch (option) {
	case OPTION_ALL:
		prune->all = true;
		break;
	case OPTION_SIZE:
		return take_size(prune, value, err);
	case OPTION_AGE:
		prune->has_age = true;
		return number_parse(value, "--age", 0, AGE_MAX, &prune->age,
				    err);
	case OPTION_HELP: /* cache_command() has seen it */
		break;
	}
	return 0;
}

static int parse_prune(struct prune *prune, int argc, char **argv,
		       struct error *err)
{
	const char *value;
	bool first = true;
	int i;

	while ((i = usage_next(&prune_usage, first, argc, argv, &value, err)) >=
	       0) {
		first = false;
		if (take_option(prune, (enum option_index)i, value, err) < 0)
			return -1;
	}
	if (i == USAGE_REFUSED)
		return -1;
	if (optind < argc)
		return error_set(err, EINVAL, "unexpected argument '%s' " TRY,
				 argv[optind]);
	if (!prune->all && !prune->has_size && !prune->has_age)
		return error_set(err, EINVAL,
				 "what? (--all, --size or --age; try "
				 "'overlayvm cache --help')");
	return 0;
}

static int read_list(struct cache_list *list, struct error *err)
{
	autofree char *top = NULL;

	if (place_cached("", &top, err) < 0)
		return -1;
	return cache_list_all(list, top, err);
}

static void print_item(const struct cache_item *item)
{
	char when[WHEN_MAX] = "-";
	struct tm tm;

	if (localtime_r(&item->used, &tm))
		(void)strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm);
	printf("%-9s  %-*.*s  %9.1f MiB  %-16s%s\n", item->kind, NAME_SHOWN,
	       NAME_SHOWN, item->name, (double)item->size / MIB, when,
	       item->in_use ? "  in use" : "");
}

static int list(int argc, char **argv, struct error *err)
{
	AUTO(cache_list) found = { 0 };
	uint64_t size = 0;

	if (argc > 1)
		return error_set(err, EINVAL, "unexpected argument '%s' " TRY,
				 argv[1]);
	if (read_list(&found, err) < 0)
		return -1;
	for (size_t i = 0; i < found.count; i++) {
		print_item(&found.items[i]);
		size += found.items[i].size;
	}
	printf("%-9s  %-*zu  %9.1f MiB\n", "all", NAME_SHOWN, found.count,
	       (double)size / MIB);
	return 0;
}

/* The list without what was used since; those keep their place on the disk. */
static uint64_t drop_recent(struct cache_list *old, time_t since)
{
	uint64_t size = 0;

	while (old->count > 0 && old->items[old->count - 1].used >= since) {
		struct cache_item *item = &old->items[--old->count];

		size += item->size;
		free(item->name);
		free(item->path);
	}
	return size;
}

static int prune(int argc, char **argv, struct error *err)
{
	AUTO(cache_list) found = { 0 };
	struct prune what = { 0 };
	uint64_t kept = 0, limit, freed;
	size_t count, removed;

	if (parse_prune(&what, argc, argv, err) < 0 ||
	    read_list(&found, err) < 0)
		return -1;
	count = found.count;
	if (what.has_age && !what.all)
		kept = drop_recent(&found,
				   time(NULL) - (time_t)(what.age * DAY));
	limit = what.has_size && !what.all ? what.size << 20 : 0;
	limit = limit > kept ? limit - kept : 0;
	if (cache_trim(&found, limit, &freed, &removed, err) < 0)
		return -1;
	printf("removed %zu of %zu, %.1f MiB\n", removed, count,
	       (double)freed / MIB);
	return 0;
}

const struct subcommand cache_commands[] = {
	{ "list", "list what runs keep", list, NULL, NULL, NULL },
	{ "prune", "remove of it what no run is using", prune, usage_of_prune,
	  NULL, NULL },
	{ 0 },
};

int cache_command(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct subcommand *command =
		subcommand_find(cache_commands, name);

	if (subcommand_asks_for_help(argc, argv)) {
		fputs(about, stdout);
		usage_print_options(&prune_usage, stdout);
		return 0;
	}
	if (command) {
		if (command->run(argc - 1, argv + 1, err) == 0)
			return 0;
		(void)error_prefix(err, "cache %s", name);
	} else if (*name) {
		(void)subcommand_refuse(cache_commands, "cache: no command",
					name, "try 'overlayvm cache --help'",
					err);
	} else {
		(void)error_set(err, EINVAL, "cache: list or prune? " TRY);
	}
	return STATUS_FAILED;
}
