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
#include "host/cli/show_forms.h"
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

static const char *const colors[] = { "auto", "always", "never", NULL };

enum option_index {
	OPTION_FROM_IMAGE,
	OPTION_LINES,
	OPTION_LONG,
	OPTION_TREE,
	OPTION_JSON,
	OPTION_COLOR,
	OPTION_HELP,
};

static const struct usage_option options[] = {
	[OPTION_FROM_IMAGE] = { "from-image", 0, "REF",
				"the image below, as for 'overlayvm run', "
				"which\nsays what was there; without it the "
				"layer must",
				NULL },
	[OPTION_LINES] = { "lines", 0, NULL,
			   "one line a path, also on a terminal", NULL },
	[OPTION_LONG] = { "long", 'l', NULL,
			  "the same with mode, owner, size and time", NULL },
	[OPTION_TREE] = { "tree", 0, NULL, "a tree, also elsewhere", NULL },
	[OPTION_JSON] = { "json", 0, NULL, "an array of objects", NULL },
	[OPTION_COLOR] = { "color", 0, "WHEN",
			   "colours in the tree: auto, always or never;\n"
			   "auto asks the terminal, and NO_COLOR",
			   colors },
	[OPTION_HELP] = { "help", 0, NULL, "print this", NULL },
};
static const struct usage usage = { "show", options, COUNT_OF(options) };

const struct usage *show_usage(void)
{
	return &usage;
}

enum form { FORM_AUTO, FORM_LINES, FORM_LONG, FORM_TREE, FORM_JSON };

/* What was typed. */
struct show {
	const char *layer;
	const char *from_image; /* NULL: none */
	const char *color;	/* NULL: auto */
	enum form form;
	bool help;
};

static int take_form(struct show *show, enum form form, struct error *err)
{
	if (show->form != FORM_AUTO && show->form != form)
		return error_set(
			err, EINVAL,
			"--lines, --long, --tree and --json: choose one " TRY);
	show->form = form;
	return 0;
}

static int take_color(struct show *show, const char *when, struct error *err)
{
	if (strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 &&
	    strcmp(when, "never") != 0)
		return error_set(err, EINVAL,
				 "--color '%s' is none of: auto, always, never",
				 when);
	show->color = when;
	return 0;
}

static int take_option(struct show *show, enum option_index option,
		       const char *value, struct error *err)
{
	switch (option) {
	case OPTION_HELP:
		show->help = true;
		break;
	case OPTION_LINES:
		return take_form(show, FORM_LINES, err);
	case OPTION_LONG:
		return take_form(show, FORM_LONG, err);
	case OPTION_TREE:
		return take_form(show, FORM_TREE, err);
	case OPTION_JSON:
		return take_form(show, FORM_JSON, err);
	case OPTION_COLOR:
		return take_color(show, value, err);
	case OPTION_FROM_IMAGE:
		show->from_image = value;
		break;
	}
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

static int add_layer(struct base *base, struct image *image, size_t i,
		     const struct image_work *work, struct error *err)
{
	struct layer_source source;
	autoclose int fd = -1;

	if (image_prepare_layer(image, i, work, err) < 0 ||
	    image_layer_open(&image->layers[i], &fd, err) < 0)
		return -1;
	source = (struct layer_source){ fd, image->layers[i].offset,
					image->layers[i].size };
	if (base_add(base, &source, err) < 0)
		return error_prefix(err, "image '%s': layer %zu", image->path,
				    image->layers[i].number);
	return 0;
}

static int read_base(struct base *base, const char *reference,
		     struct workplace *workplace, struct error *err)
{
	AUTO(image) image = { 0 };

	if (workplace_open(workplace, err) < 0 ||
	    workplace_open_image(workplace, reference, &image, err) < 0)
		return -1;
	for (size_t i = 0; i < image.layer_count; i++)
		if (add_layer(base, &image, i, &workplace->work, err) < 0)
			return -1;
	return 0;
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

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool wants_color(const struct show *show, FILE *out)
{
	const char *term = getenv("TERM");

	if (show->color && strcmp(show->color, "auto") != 0)
		return strcmp(show->color, "always") == 0;
	return isatty(fileno(out)) && !is_set("NO_COLOR") &&
	       !(term && strcmp(term, "dumb") == 0);
}

static int print(const struct listing *listing, const struct show *show,
		 FILE *out, struct error *err)
{
	enum form form = show->form;

	if (form == FORM_AUTO)
		form = isatty(fileno(out)) ? FORM_TREE : FORM_LINES;
	switch (form) {
	case FORM_LONG:
		return show_print_long(listing, out, err);
	case FORM_TREE:
		return show_print_tree(listing, wants_color(show, out), out,
				       err);
	case FORM_JSON:
		return show_print_json(listing, out, err);
	default:
		return listing_print(listing, out, err);
	}
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
	    print(&listing, &show, stdout, err) < 0)
		return STATUS_FAILED;
	return 0;
}
