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
#include "host/cli/base_image.h"
#include "host/cli/show_choice.h"
#include "host/cli/workplace.h"
#include "host/layer/base.h"
#include "host/layer/listing.h"
#include "host/run/failure.h"

#define TRY "(try 'overlayvm show --help')"

static const char about[] =
	"Usage: overlayvm show [OPTION]... LAYER\n"
	"\n"
	"List what a layer does to the layers below it:\n"
	"\n"
	"  A path   added\n"
	"  M path   changed: it was there before\n"
	"  D path   deleted\n"
	"\n"
	"On a terminal that is a tree with sizes, elsewhere one line a path.\n"
	"\n";

static const char operands[] =
	"\n"
	"LAYER is the tar of a layer, also compressed with gzip, zstd, xz or\n"
	"bzip2; - is standard input. Names are escaped as by ls -b.\n";

enum option_index {
	OPTION_FROM_IMAGE,
	OPTION_CHOICE, /* the first of them */
	OPTION_HELP = OPTION_CHOICE + SHOW_CHOICE_COUNT,
};

static const struct usage_option options[] = {
	[OPTION_FROM_IMAGE] = { "from-image", 0, "REF",
				"the image below, as for 'overlayvm run', "
				"which\nsays what was there; without it the "
				"layer must",
				NULL },
	SHOW_CHOICE_ROWS(OPTION_CHOICE),
	[OPTION_HELP] = { "help", 0, NULL, "print this", NULL },
};
static const struct usage usage = { "show", options, COUNT_OF(options) };

const struct usage *show_usage(void)
{
	return &usage;
}

/* What was typed. */
struct show {
	const char *layer;
	const char *from_image; /* NULL: none */
	struct show_choice choice;
	bool help;
};

static int take_option(struct show *show, enum option_index option,
		       const char *value, struct error *err)
{
	if (option == OPTION_HELP)
		show->help = true;
	else if (option == OPTION_FROM_IMAGE)
		show->from_image = value;
	else
		return show_choice_take(&show->choice,
					(enum show_choice_option)(
						option - OPTION_CHOICE),
					value, TRY, err);
	return 0;
}

static int parse(struct show *show, int argc, char **argv, struct error *err)
{
	const char *value;
	bool first = true;
	int i;

	while ((i = usage_next(&usage, first, argc, argv, &value, err)) >= 0) {
		first = false;
		if (take_option(show, (enum option_index)i, value, err) < 0)
			return -1;
	}
	if (i == USAGE_REFUSED)
		return -1;
	if (show->help)
		return 0;
	if (optind == argc)
		return error_set(err, EINVAL, "no layer given " TRY);
	if (optind + 1 < argc)
		return error_set(err, EINVAL, "more than one layer given " TRY);
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

static int read_base(struct base *base, const char *reference,
		     struct workplace *workplace, struct error *err)
{
	AUTO(image) image = { 0 };

	if (workplace_open(workplace, err) < 0 ||
	    workplace_open_image(workplace, reference, &image, err) < 0)
		return -1;
	return base_image_read(base, &image, &workplace->work, err);
}

static int read_layer(struct listing *listing, const char *path,
		      const struct base *base, struct error *err)
{
	autoclose int fd = open_layer(path, err);

	if (fd < 0)
		return -1;
	if (listing_read(listing, fd, base, err) < 0)
		return error_prefix(err, "read '%s'", path);
	return 0;
}

static int read_all(struct listing *listing, const struct show *show,
		    struct error *err)
{
	struct workplace workplace = WORKPLACE_NONE;
	AUTO(base) base = { 0 };
	int status;

	if (!show->from_image)
		return read_layer(listing, show->layer, NULL, err);
	status = read_base(&base, show->from_image, &workplace, err);
	if (workplace_finish(&workplace, status, err) < 0)
		return -1;
	return read_layer(listing, show->layer, &base, err);
}

int show_command(int argc, char **argv, struct error *err)
{
	AUTO(listing) listing = { 0 };
	struct show show = { 0 };

	if (parse(&show, argc, argv, err) < 0)
		return STATUS_FAILED;
	if (show.help) {
		fputs(about, stdout);
		usage_print_options(&usage, stdout);
		fputs(operands, stdout);
		return 0;
	}
	if (read_all(&listing, &show, err) < 0 ||
	    show_choice_print(&show.choice, &listing, stdout, err) < 0)
		return STATUS_FAILED;
	return 0;
}
