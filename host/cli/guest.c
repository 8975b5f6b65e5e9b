/* SPDX-License-Identifier: MIT */
/* guest.c - see guest.h */
#include "host/cli/guest.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "images/cancel.h"
#include "images/guest_build.h"
#include "images/guest_cache.h"
#include "images/guest_image.h"
#include "images/tools.h"

#define FAILED 125 /* exit status: overlayvm itself failed */

static const char usage[] =
	"Usage: overlayvm guest build [OPTION]...\n"
	"       overlayvm guest list\n"
	"       overlayvm guest remove KEY...\n"
	"\n"
	"The guest image is what the virtual machine boots: a kernel with its\n"
	"modules, the agent, and the tools that hooks can count on.\n"
	"\n";

static const struct build_option {
	const char *name;
	const char *arg;
	const char *help;
	size_t field; /* of struct guest_recipe, a string */
} build_options[] = {
	{ "kernel", "FILE|PACKAGE",
	  "a kernel, or a .deb or .rpm with one (default:\n"
	  "OVERLAYVM_KERNEL, or the newest of this machine)",
	  offsetof(struct guest_recipe, kernel) },
	{ "modules", "DIR|PACKAGE",
	  "its modules (default: those in the same package,\n"
	  "or /lib/modules/VERSION)",
	  offsetof(struct guest_recipe, modules) },
	{ "agent", "FILE", "the static agent (default: the program's own)",
	  offsetof(struct guest_recipe, agent) },
	{ "output", "DIR", "where to put it (default: in the cache)",
	  offsetof(struct guest_recipe, output) },
};

static void print_help(void)
{
	fputs(usage, stdout);
	for (size_t i = 0; i < COUNT_OF(build_options); i++) {
		const struct build_option *o = &build_options[i];
		const char *help = o->help;
		const char *end = strchr(help, '\n');

		printf("  --%s %-*s %.*s\n", o->name,
		       (int)(20 - strlen(o->name)), o->arg,
		       (int)(end ? end - help : (ptrdiff_t)strlen(help)), help);
		if (end)
			printf("%26s%s\n", "", end + 1);
	}
}

/* getopt_long's tables, made from ours. */
static int parse_build(struct guest_recipe *recipe, bool *help, int argc,
		       char **argv, struct error *err)
{
	struct option longs[COUNT_OF(build_options) + 2] = { 0 };
	int at, choice;

	for (size_t i = 0; i < COUNT_OF(build_options); i++)
		longs[i] = (struct option){ build_options[i].name,
					    required_argument, NULL, 'o' };
	longs[COUNT_OF(build_options)] =
		(struct option){ "help", no_argument, NULL, 'h' };

	optind = 0; /* main() has parsed before us; 0 starts afresh */
	opterr = 0;
	while ((choice = getopt_long(argc, argv, ":", longs, &at)) != -1) {
		if (choice == 'h')
			*help = true;
		else if (choice == 'o')
			*(const char **)((char *)recipe +
					 build_options[at].field) = optarg;
		else if (choice == ':')
			return error_set(err, EINVAL,
					 "guest build: option "
					 "'%s' wants a value",
					 argv[optind - 1]);
		else
			return error_set(err, EINVAL,
					 "guest build: no option "
					 "'%s' (try 'overlayvm guest --help')",
					 argv[optind - 1]);
	}
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

static const struct {
	const char *name;
	int (*run)(int argc, char **argv, struct error *err);
} commands[] = {
	{ "build", build },
	{ "list", list },
	{ "remove", remove_each },
};

int guest_command(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "--help") == 0) {
		print_help();
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1, err) < 0
				       ? FAILED
				       : 0;

	if (!*name)
		error_set(err, EINVAL,
			  "guest: build, list or remove? (try "
			  "'overlayvm guest --help')");
	else
		error_set(err, EINVAL,
			  "guest: no command '%s' (try "
			  "'overlayvm guest --help')",
			  name);
	return FAILED;
}
