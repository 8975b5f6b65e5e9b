/* SPDX-License-Identifier: MIT */
/* image.c - see image.h */
#include "host/cli/image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/run/failure.h"

#define TRY "try 'overlayvm image --help'"

const struct subcommand image_commands[] = {
	{ "inspect", "print what an image is and what it is made of",
	  image_inspect_command, image_inspect_usage, "IMAGE", NULL },
	{ "check", "say which rules an image or a layer breaks",
	  image_check_command, image_check_usage, "IMAGE", NULL },
	{ "convert", "write an image in another form", image_convert_command,
	  NULL, "IMAGE", NULL },
	{ "flatten", "make one tar, or one layer, of all layers",
	  image_flatten_command, NULL, "IMAGE", NULL },
	{ 0 },
};

static void print_help(void)
{
	fputs("Usage: overlayvm image COMMAND [OPTION]...\n"
	      "\n"
	      "Work on images and layers here, without a virtual machine:\n"
	      "\n",
	      stdout);
	subcommand_print_list(image_commands, stdout);
	fputs("\n'overlayvm image COMMAND --help' says more of each.\n",
	      stdout);
}

int image_command(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct subcommand *command =
		subcommand_find(image_commands, name);
	int status = STATUS_FAILED;

	if (strcmp(name, "--help") == 0) {
		print_help();
		return 0;
	}
	if (command) {
		status = command->run(argc - 1, argv + 1, err);
		if (status != 0)
			(void)error_prefix(err, "image %s", name);
	} else if (*name) {
		(void)subcommand_refuse(image_commands, "image: no command",
					name, TRY, err);
	} else {
		(void)error_set(err, EINVAL, "image: which command? (" TRY ")");
	}
	return status;
}
