/* SPDX-License-Identifier: MIT */
/* image.c - see image.h */
#include "host/cli/image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/run/failure.h"

#define TRY "(try 'overlayvm image --help')"

static const struct {
	const char *name;
	const char *help;
	int (*command)(int argc, char **argv, struct error *err);
} commands[] = {
	{ "inspect", "print what an image is and what it is made of",
	  image_inspect_command },
	{ "check", "say which rules an image or a layer breaks",
	  image_check_command },
	{ "convert", "write an image in another form", image_convert_command },
	{ "flatten", "make one tar, or one layer, of all layers",
	  image_flatten_command },
};

static void print_help(void)
{
	fputs("Usage: overlayvm image COMMAND [OPTION]...\n"
	      "\n"
	      "Work on images and layers here, without a virtual machine:\n"
	      "\n",
	      stdout);
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		printf("  %-8s %s\n", commands[i].name, commands[i].help);
	fputs("\n'overlayvm image COMMAND --help' says more of each.\n",
	      stdout);
}

int image_command(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";
	int status;

	if (strcmp(name, "--help") == 0) {
		print_help();
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		status = commands[i].command(argc - 1, argv + 1, err);
		if (status != 0)
			(void)error_prefix(err, "image %s", name);
		return status;
	}
	(void)error_set(err, EINVAL,
			*name ? "image: no command '%s' " TRY
			      : "image: which command?%s " TRY,
			name);
	return STATUS_FAILED;
}
