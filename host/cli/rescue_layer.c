/* SPDX-License-Identifier: MIT */
/* rescue_layer.c - overlayvm rescue DISK tar and diff, see rescue.h */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "host/cli/rescue.h"
#include "host/cli/show_choice.h"
#include "host/layer/check_jail.h"
#include "host/plan/size.h"
#include "host/plan/surroundings.h"
#include "host/rescue/remains.h"
#include "host/run/failure.h"
#include "host/run/output.h"

#define TRY "(try 'overlayvm rescue %s --help')"

static const char about_tar[] =
	"Usage: overlayvm rescue DISK tar [OPTION]...\n"
	"\n"
	"Export what hooks have changed, up to where the run failed: the layer "
	"that\n"
	"it would have given, checked as that would have been.\n"
	"\n";

static const char about_diff[] =
	"Usage: overlayvm rescue DISK diff [OPTION]...\n"
	"\n"
	"List what the layer of 'overlayvm rescue DISK tar' adds (A), changes "
	"(M) and\n"
	"deletes (D), as 'overlayvm show' does.\n"
	"\n";

#define FROM_IMAGE_ROW                                                         \
	{                                                                      \
		"from-image", 0, "REF",                                        \
			"the image of the run, if it is not where plan.json\n" \
			"beside the disk says",                                \
			NULL                                                   \
	}
#define HELP_ROW                                                               \
	{                                                                      \
		"help", 0, NULL, "print this", NULL                            \
	}

/* The first is the same in both, and so is the last. */
enum option_index {
	OPTION_FROM_IMAGE,
	OPTION_OUTPUT, /* of tar */
	OPTION_TAR_HELP,
	OPTION_CHOICE = OPTION_OUTPUT, /* of diff; the first of them */
	OPTION_DIFF_HELP = OPTION_CHOICE + SHOW_CHOICE_COUNT,
};

static const struct usage_option tar_options[] = {
	[OPTION_FROM_IMAGE] = FROM_IMAGE_ROW,
	[OPTION_OUTPUT] = { "output", 0, "PATH",
			    "where it goes (default -, standard output)",
			    NULL },
	[OPTION_TAR_HELP] = HELP_ROW,
};
static const struct usage tar_usage = { "rescue tar", tar_options,
					COUNT_OF(tar_options) };

static const struct usage_option diff_options[] = {
	[OPTION_FROM_IMAGE] = FROM_IMAGE_ROW,
	SHOW_CHOICE_ROWS(OPTION_CHOICE),
	[OPTION_DIFF_HELP] = HELP_ROW,
};
static const struct usage diff_usage = { "rescue diff", diff_options,
					 COUNT_OF(diff_options) };

const struct usage *rescue_tar_usage(void)
{
	return &tar_usage;
}

const struct usage *rescue_diff_usage(void)
{
	return &diff_usage;
}

/* What was typed. */
struct wanted {
	bool diff;
	const char *disk;
	const char *from_image; /* NULL: as the plan says */
	const char *output;
	struct show_choice choice;
	bool help;
};

static int take_option(struct wanted *wanted, int option, const char *value,
		       struct error *err)
{
	if (option == OPTION_FROM_IMAGE)
		wanted->from_image = value;
	else if (option == (wanted->diff ? OPTION_DIFF_HELP : OPTION_TAR_HELP))
		wanted->help = true;
	else if (!wanted->diff)
		wanted->output = value;
	else
		return show_choice_take(
			&wanted->choice,
			(enum show_choice_option)(option - OPTION_CHOICE),
			value, "(try 'overlayvm rescue diff --help')", err);
	return 0;
}

static int parse(struct wanted *wanted, int argc, char **argv,
		 struct error *err)
{
	const struct usage *usage = wanted->diff ? &diff_usage : &tar_usage;
	const char *value;
	bool first = true;
	int i;

	while ((i = usage_next(usage, first, argc, argv, &value, err)) >= 0) {
		first = false;
		if (take_option(wanted, i, value, err) < 0)
			return -1;
	}
	if (i == USAGE_REFUSED)
		return -1;
	if (wanted->help)
		return 0;
	if (argc - optind != 1)
		return error_set(err, EINVAL, "unexpected argument '%s' " TRY,
				 argv[optind + 1], argv[0]);
	wanted->disk = argv[optind];
	return 0;
}

/* The run's own, or where that is not known what the environment says. */
static int find_clamp(struct rescue_layer *layer, const struct remains *remains,
		      struct error *err)
{
	struct surroundings around;
	uint64_t seconds;

	layer->has_clamp = remains->has_clamp;
	layer->clamp = remains->clamp;
	surroundings_read(&around);
	if (remains->has_plan || !around.source_date_epoch)
		return 0;
	if (number_parse(around.source_date_epoch, "SOURCE_DATE_EPOCH", 0,
			 INT64_MAX, &seconds, err) < 0)
		return -1;
	layer->has_clamp = true;
	layer->clamp = (int64_t)seconds;
	return 0;
}

static int advance(void *context, uint64_t bytes)
{
	struct workplace *workplace = context;

	return workplace->work.advance(workplace->work.context, bytes);
}

/* The tar of the layer, checked, at layer->fd. */
static int export(struct rescue_layer *layer, struct workplace *workplace,
		  const char *disk, struct error *err)
{
	const struct rescue rescue = rescue_begin(workplace, disk);
	struct layer_summary summary;

	if (rescue_export(&rescue, layer, err) < 0)
		return -1;
	return check_jail(layer->fd, advance, workplace, &summary, err);
}

/* What commands have put between image and layer is below it, too. */
static int add_below(const struct rescue_layer *layer, struct error *err)
{
	uint64_t start = 0;

	for (size_t i = 0; layer->base && i < layer->below_count; i++) {
		const struct layer_source source = {
			layer->below_fd, start, layer->below_end[i] - start
		};

		if (base_add(layer->base, &source, err) < 0)
			return -1;
		start = layer->below_end[i];
	}
	return 0;
}

static int print_diff(const struct rescue_layer *layer,
		      const struct wanted *wanted, struct error *err)
{
	AUTO(listing) listing = { 0 };

	if (add_below(layer, err) < 0)
		return -1;
	if (lseek(layer->fd, 0, SEEK_SET) < 0)
		return error_errno(err, "read the layer");
	if (listing_read(&listing, layer->fd, layer->base, err) < 0)
		return error_prefix(err, "read the layer");
	return show_choice_print(&wanted->choice, &listing, stdout, err);
}

static int work_in(struct workplace *workplace, const struct wanted *wanted,
		   const struct remains *remains, struct error *err)
{
	AUTO(output) output = OUTPUT_NONE;
	AUTO(output) below = OUTPUT_NONE;
	AUTO(base) base = { 0 };
	struct rescue_layer layer = { 0 };
	struct error why_not;

	if (workplace_open(workplace, err) < 0 ||
	    output_open(&output, wanted->output, workplace->dir.fd, err) < 0 ||
	    output_open(&below, NULL, workplace->dir.fd, err) < 0 ||
	    find_clamp(&layer, remains, err) < 0)
		return -1;
	if (rescue_find_base(&layer, &base, wanted->from_image, remains,
			     workplace, &why_not) < 0) {
		layer.why_not = &why_not;
		*err = why_not;
		if (wanted->from_image)
			return -1;
	}
	layer.fd = output.fd;
	layer.below_fd = below.fd;
	if (export(&layer, workplace, remains->disk, err) < 0)
		return -1;
	return wanted->diff ? print_diff(&layer, wanted, err)
			    : output_commit(&output, err);
}

static int work(const struct wanted *wanted, struct error *err)
{
	struct workplace workplace = WORKPLACE_NONE;
	AUTO(remains) remains = { 0 };
	int status;

	if (rescue_available(err) < 0 ||
	    remains_find(&remains, wanted->disk, err) < 0 ||
	    (wanted->output && output_check(wanted->output, err) < 0))
		return STATUS_FAILED;
	status = work_in(&workplace, wanted, &remains, err);
	return workplace_finish(&workplace, status < 0 ? STATUS_FAILED : 0,
				err);
}

int rescue_tar_command(int argc, char **argv, struct error *err)
{
	struct wanted wanted = { .output = "-" };

	if (parse(&wanted, argc, argv, err) < 0)
		return STATUS_FAILED;
	if (!wanted.help)
		return work(&wanted, err);
	fputs(about_tar, stdout);
	usage_print_options(&tar_usage, stdout);
	return 0;
}

int rescue_diff_command(int argc, char **argv, struct error *err)
{
	struct wanted wanted = { .diff = true };

	if (parse(&wanted, argc, argv, err) < 0)
		return STATUS_FAILED;
	if (!wanted.help)
		return work(&wanted, err);
	fputs(about_diff, stdout);
	usage_print_options(&diff_usage, stdout);
	return 0;
}
