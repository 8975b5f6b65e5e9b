/* SPDX-License-Identifier: MIT */
/* rescue.c - see rescue.h */
#include "host/cli/rescue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/run/failure.h"

#define TRY "try 'overlayvm rescue --help'"

const struct subcommand rescue_commands[] = {
	{ "ls", "list a directory of the disk", rescue_ls_command, NULL, "NAME",
	  NULL },
	{ "cat", "print a file of the disk", rescue_cat_command, NULL, "NAME",
	  NULL },
	{ "tar", "export the layer that the run would have given",
	  rescue_tar_command, rescue_tar_usage, NULL, NULL },
	{ "diff", "list what that layer adds, changes and deletes",
	  rescue_diff_command, rescue_diff_usage, NULL, NULL },
	{ "shell", "look around on the disk with guestfish",
	  rescue_shell_command, NULL, NULL, NULL },
	{ 0 },
};

static void print_help(void)
{
	fputs("Usage: overlayvm rescue DISK COMMAND [OPTION]...\n"
	      "\n"
	      "Look into the scratch disk of a run that failed, in the virtual "
	      "machine of\n"
	      "libguestfs. Nothing is written to the disk. DISK is the "
	      "directory that\n"
	      "--keep-failed was given, or the disk in it.\n"
	      "\n",
	      stdout);
	subcommand_print_list(rescue_commands, stdout);
	fputs("\n'overlayvm rescue COMMAND --help' says more of each.\n",
	      stdout);
}

static int find_command(const struct subcommand **command, int argc,
			char **argv, struct error *err)
{
	if (argc < 2)
		return error_set(err, EINVAL, "which disk? (" TRY ")");
	if (argc < 3)
		return error_set(err, EINVAL, "which command? (" TRY ")");
	*command = subcommand_find(rescue_commands, argv[2]);
	if (!*command)
		return subcommand_refuse(rescue_commands, "no command", argv[2],
					 TRY, err);
	return 0;
}

/* The command comes first for who runs it: "ls DISK", as in argv elsewhere. */
static int dispatch(int argc, char **argv, struct error *err)
{
	const struct subcommand *command;
	char *name;
	int status;

	if (find_command(&command, argc, argv, err) < 0) {
		(void)error_prefix(err, "rescue");
		return STATUS_FAILED;
	}
	name = argv[2];
	argv[2] = argv[1];
	argv[1] = name;
	status = command->run(argc - 1, argv + 1, err);
	if (status != 0)
		(void)error_prefix(err, "rescue %s", name);
	return status;
}

int rescue_command(int argc, char **argv, struct error *err)
{
	const struct subcommand *command;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		print_help();
		return 0;
	}
	/* "rescue ls --help": of a command, there need be no disk. */
	command = argc == 3 ? subcommand_find(rescue_commands, argv[1]) : NULL;
	if (command && strcmp(argv[2], "--help") == 0)
		return command->run(argc - 1, argv + 1, err);
	return dispatch(argc, argv, err);
}

static int pending(void *context)
{
	struct workplace *workplace = context;

	return interrupt_pending(&workplace->interrupt);
}

struct rescue rescue_begin(struct workplace *workplace, const char *disk)
{
	return (struct rescue){
		.disk = disk,
		.tmpdir = workplace->dir.path,
		.pending = pending,
		.warn = workplace->work.warn,
		.context = workplace,
	};
}
