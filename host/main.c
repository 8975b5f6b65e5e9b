/* SPDX-License-Identifier: MIT */
/* main.c - the subcommands of overlayvm */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/text/escape.h"
#include "host/cli/cache.h"
#include "host/cli/subcommand.h"
#include "host/cli/completion.h"
#include "host/cli/doctor.h"
#include "host/cli/guest.h"
#include "host/cli/hash.h"
#include "host/cli/image.h"
#include "host/cli/options.h"
#include "host/cli/rescue.h"
#include "host/cli/run.h"
#include "host/cli/show.h"
#include "host/image/image.h"
#include "host/library/overlayvm.h"
#include "host/run/failure.h"

#define TRY "try 'overlayvm --help'"

static int complete(int argc, char **argv, struct error *err);

static const struct subcommand commands[] = {
	{ "run", "run hooks over an image and keep the layer", run_command,
	  options_of_run, NULL, NULL },
	{ "hash", "print the digest of all that a run's layer depends on",
	  hash_command, options_of_hash, NULL, NULL },
	{ "show", "list what a layer adds, changes and deletes", show_command,
	  show_usage, "PATH", NULL },
	{ "rescue", "look into the disk that a failed run has left",
	  rescue_command, NULL, "PATH", rescue_commands },
	{ "image", "look at images here, without a virtual machine",
	  image_command, NULL, NULL, image_commands },
	{ "guest", "build, list and remove guest images", guest_command, NULL,
	  NULL, guest_commands },
	{ "cache", "list and remove what runs keep for later ones",
	  cache_command, NULL, NULL, cache_commands },
	{ "doctor", "say what this machine lacks for a run, and the cure",
	  doctor_command, doctor_usage, NULL, NULL },
	{ "completion", "print what makes a shell complete all this", complete,
	  NULL, NULL, completion_shells },
	{ 0 },
};

static int complete(int argc, char **argv, struct error *err)
{
	return completion_command(commands, argc, argv, err);
}

static void print_help(FILE *out)
{
	fputs("Usage: overlayvm COMMAND [OPTION]...\n\n", out);
	subcommand_print_list(commands, out);
	fputs("\n'overlayvm COMMAND --help' says more of each.\n", out);
}

/* A file that is opened must not become standard output by its number. */
static void open_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Whatever the umask, what we make we can use: it takes no right of ours. */
static void keep_own_rights(void)
{
	(void)umask(umask(0) & (S_IRWXG | S_IRWXO));
}

/*
 * A layout has a file for each layer, which stays open so that it stays the
 * same, and is opened once more where layers are read side by side. The usual
 * soft limit (1024) is for programs that use select(2); none of ours does.
 */
static void allow_open_layers(void)
{
	const rlim_t enough = 2 * IMAGE_LAYERS_MAX + 256;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= enough)
		return;
	limit.rlim_cur = limit.rlim_max < enough ? limit.rlim_max : enough;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int dispatch(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct subcommand *command;

	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
		print_help(stdout);
		return 0;
	}
	if (strcmp(name, "--version") == 0) {
		printf("overlayvm %s\n", overlayvm_version());
		return 0;
	}
	command = subcommand_find(commands, name);
	if (command)
		return command->run(argc - 1, argv + 1, err);
	if (*name)
		(void)subcommand_refuse(commands, "unknown command", name, TRY,
					err);
	else
		(void)error_set(err, EINVAL, "no command (" TRY ")");
	return STATUS_FAILED;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	int status;

	open_standard_descriptors();
	/* Messages of strangers are escaped byte by byte. */
	(void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	keep_own_rights();
	allow_open_layers();
	status = dispatch(argc, argv, &err);
	if (status != 0) {
		fputs("overlayvm: ", stderr);
		escape_print_line(err.msg, stderr);
	}
	if (fflush(stdout) != 0 && status == 0) {
		perror("overlayvm: write to standard output");
		status = STATUS_FAILED;
	}
	return status;
}
