/* SPDX-License-Identifier: MIT */
/* show.c - see show.h */
#include "host/cli/show.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "host/layer/listing.h"
#include "host/run/failure.h"

static const char usage[] =
	"Usage: overlayvm show LAYER\n"
	"\n"
	"List what a layer does to the layers below it, one line a path:\n"
	"\n"
	"  A path   added\n"
	"  M path   changed: it is known to have been there before\n"
	"  D path   deleted\n"
	"\n"
	"LAYER is the tar of a layer, also compressed with gzip, zstd, xz or\n"
	"bzip2; - is standard input. Names are escaped as by ls -b.\n"
	"\n"
	"  --help   print this\n";

/* What was typed. */
struct show {
	const char *layer;
	bool help;
};

static int parse(struct show *show, int argc, char **argv, struct error *err)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int letter;

	optind = 0; /* GNU: also forget what an earlier parser left */
	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (letter != 'h')
			return error_set(err, EINVAL,
					 "unknown option '%s' "
					 "(try 'overlayvm show --help')",
					 argv[optind - 1]);
		show->help = true;
	}
	if (show->help)
		return 0;
	if (optind == argc)
		return error_set(err, EINVAL,
				 "no layer given (try 'overlayvm "
				 "show --help')");
	if (optind + 1 < argc)
		return error_set(err, EINVAL,
				 "more than one layer given (try "
				 "'overlayvm show --help')");
	show->layer = argv[optind];
	return 0;
}

/* Standard input is a copy: it is the caller's and stays open. */
static int open_layer(const char *path, struct error *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	autoclose int fd = -1;
	struct stat st;

	if (is_stdin)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "open '%s'", path);
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return error_errno(err, "read '%s'", path);
	}
	return take_fd(&fd);
}

static int show_layer(const char *path, struct error *err)
{
	AUTO(listing) listing = { 0 };
	autoclose int fd = open_layer(path, err);

	if (fd < 0)
		return -1;
	if (listing_read(&listing, fd, NULL, err) < 0)
		return error_prefix(err, "read '%s'", path);
	return listing_print(&listing, stdout, err);
}

int show_command(int argc, char **argv, struct error *err)
{
	struct show show = { 0 };

	if (parse(&show, argc, argv, err) < 0)
		return STATUS_FAILED;
	if (show.help) {
		fputs(usage, stdout);
		return 0;
	}
	return show_layer(show.layer, err) < 0 ? STATUS_FAILED : 0;
}
