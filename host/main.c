/* SPDX-License-Identifier: MIT */
/* main.c - the subcommands of overlayvm */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/cli/escape.h"
#include "host/cli/cache.h"
#include "host/cli/guest.h"
#include "host/cli/image.h"
#include "host/cli/run.h"
#include "host/cli/show.h"
#include "host/image/image.h"
#include "host/run/failure.h"

static const struct {
	const char *name;
	const char *help;
	int (*command)(int argc, char **argv, struct error *err);
} commands[] = {
	{ "run", "run hooks over an image and keep the layer", run_command },
	{ "show", "list what a layer adds, changes and deletes", show_command },
	{ "image", "look at images here, without a virtual machine",
	  image_command },
	{ "guest", "build, list and remove guest images", guest_command },
	{ "cache", "list and remove what runs keep for later ones",
	  cache_command },
};

static void print_help(FILE *out)
{
	fputs("Usage: overlayvm COMMAND [OPTION]...\n\n", out);
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
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

	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
		print_help(stdout);
		return 0;
	}
	if (strcmp(name, "--version") == 0) {
		puts("overlayvm " OVERLAYVM_VERSION);
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].command(argc - 1, argv + 1, err);
	(void)error_set(err, 0,
			*name ? "unknown command '%s' (try 'overlayvm --help')"
			      : "no command%s (try 'overlayvm --help')",
			name);
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
