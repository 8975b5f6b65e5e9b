/* SPDX-License-Identifier: MIT */
/* guest.c - see guest.h */
#include "host/cli/guest.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "images/cancel.h"
#include "images/guest_build.h"
#include "images/guest_cache.h"
#include "images/guest_image.h"
#include "images/tools.h"

#define FAILED 125 /* exit status: overlayvm itself failed */

static const char about[] =
	"Usage: overlayvm guest build [OPTION]...\n"
	"       overlayvm guest list\n"
	"       overlayvm guest remove KEY...\n"
	"\n"
	"The guest image is what the virtual machine boots: a kernel with its\n"
	"modules, the agent, and the tools that hooks can count on.\n"
	"\n";

/* In the order of build_fields. */
static const struct usage_option build_options[] = {
	{ "kernel", 0, "FILE|PACKAGE",
	  "a kernel, or a .deb or .rpm with one (default:\n"
	  "OVERLAYVM_KERNEL, or the newest of this machine)",
	  NULL },
	{ "modules", 0, "DIR|PACKAGE",
	  "its modules (default: those in the same package,\n"
	  "or /lib/modules/VERSION)",
	  NULL },
	{ "agent", 0, "FILE", "the static agent (default: the program's own)",
	  NULL },
	{ "output", 0, "DIR", "where to put it (default: in the cache)", NULL },
	{ "help", 0, NULL, "print this", NULL },
};
static const struct usage build_usage = { "guest", build_options,
					  COUNT_OF(build_options) };

/* Of struct guest_recipe, strings. */
static const size_t build_fields[] = {
	offsetof(struct guest_recipe, kernel),
	offsetof(struct guest_recipe, modules),
	offsetof(struct guest_recipe, agent),
	offsetof(struct guest_recipe, output),
};

static const struct usage *usage_of_build(void)
{
	return &build_usage;
}

static void print_help(void)
{
	fputs(about, stdout);
	usage_print_options(&build_usage, stdout);
}

static int parse_build(struct guest_recipe *recipe, bool *help, int argc,
		       char **argv, struct error *err)
{
	const char *value;
	bool first = true;
	int i;

	while ((i = usage_next(&build_usage, first, argc, argv, &value, err)) >=
	       0) {
		first = false;
		if ((size_t)i < COUNT_OF(build_fields))
			*(const char **)((char *)recipe + build_fields[i]) =
				value;
		else
			*help = true;
	}
	if (i == USAGE_REFUSED)
		return error_prefix(err, "guest build");
	if (optind < argc)
		return error_set(err, EINVAL,
				 "guest build: unexpected argument '%s' (try "
				 "'overlayvm guest --help')",
				 argv[optind]);
	return 0;
}

static void print_built(const struct guest_built *built)
{
	for (size_t i = 0; i < built->left_out.count; i++) {
		const char *name = built->left_out.name[i];

		fprintf(stderr,
			"overlayvm: guest build: left out '%s', which "
			"this machine does not have (package %s)\n",
			name, tools_package(name));
	}
	if (built->was_there)
		fprintf(stderr, "overlayvm: guest build: this image is there "
				"already\n");
	printf("%s\n", built->dir);
}

static int build(int argc, char **argv, struct error *err)
{
	struct guest_recipe recipe = { 0 };
	AUTO(guest_built) built = { 0 };
	bool help = false;
	sigset_t before;
	int result;

	if (parse_build(&recipe, &help, argc, argv, err) < 0)
		return -1;
	if (help) {
		print_help();
		return 0;
	}

	/* What is made is for all to read, and must not lock ourselves out. */
	umask(022);
	cancel_hold(&before);
	result = guest_build(&built, &recipe, err);
	cancel_release(&before);
	if (result < 0)
		return error_prefix(err, "guest build");
	print_built(&built);
	return 0;
}

static int list(int argc, char **argv, struct error *err)
{
	AUTO(guest_images) images = { 0 };

	if (argc > 1)
		return error_set(err, EINVAL,
				 "guest list: unexpected argument '%s'",
				 argv[1]);
	if (guest_images_list(&images, err) < 0)
		return error_prefix(err, "guest list");

	for (size_t i = 0; i < images.count; i++) {
		const struct guest_image *image = &images.list[i];

		if (image->kernel_version)
			printf("%.*s  %-28s  %5.1f MiB  %s\n",
			       GUEST_IMAGE_SHORT_KEY, image->key,
			       image->kernel_version,
			       (double)image->size / (1024 * 1024), image->dir);
		else
			printf("%-*s  %-28s  %9s  %s\n", GUEST_IMAGE_SHORT_KEY,
			       "-", "not usable", "-", image->dir);
	}
	return 0;
}

static int remove_each(int argc, char **argv, struct error *err)
{
	if (argc < 2)
		return error_set(err, EINVAL,
				 "guest remove: which one? (its "
				 "key, as 'overlayvm guest list' prints it)");
	for (int i = 1; i < argc; i++)
		if (guest_cache_remove(argv[i], err) < 0)
			return error_prefix(err, "guest remove");
	return 0;
}

const struct subcommand guest_commands[] = {
	{ "build", "make a guest image", build, usage_of_build, NULL, NULL },
	{ "list", "list the guest images", list, NULL, NULL, NULL },
	{ "remove", "remove guest images", remove_each, NULL, "KEY", NULL },
	{ 0 },
};

int guest_command(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct subcommand *command =
		subcommand_find(guest_commands, name);

	if (subcommand_asks_for_help(argc, argv)) {
		print_help();
		return 0;
	}
	if (command)
		return command->run(argc - 1, argv + 1, err) < 0 ? FAILED : 0;
	if (!*name)
		error_set(err, EINVAL,
			  "guest: build, list or remove? (try "
			  "'overlayvm guest --help')");
	else
		subcommand_refuse(guest_commands, "guest: no command", name,
				  "try 'overlayvm guest --help'", err);
	return FAILED;
}
