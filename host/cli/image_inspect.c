/* SPDX-License-Identifier: MIT */
/* image_inspect.c - overlayvm image inspect, see image.h */
#include "host/cli/image.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "host/cli/inspection.h"
#include "host/cli/workplace.h"
#include "host/run/failure.h"

#define TRY "(try 'overlayvm image inspect --help')"

static const char about[] =
	"Usage: overlayvm image inspect [--json | --raw] IMAGE\n"
	"\n"
	"Print what an image is, how it is run, and its layers with their\n"
	"history. Layers are not verified; 'overlayvm image check' does that.\n"
	"\n";

static const char operands[] =
	"\n"
	"IMAGE is as for 'overlayvm run --from-image'.\n";

enum option_index { OPTION_JSON, OPTION_RAW, OPTION_HELP };

static const struct usage_option options[] = {
	[OPTION_JSON] = { "json", 0, NULL, "the same and more, as JSON", NULL },
	[OPTION_RAW] = { "raw", 0, NULL, "the image's config, byte for byte",
			 NULL },
	[OPTION_HELP] = { "help", 0, NULL, "print this", NULL },
};
static const struct usage usage = { "image inspect", options,
				    COUNT_OF(options) };

const struct usage *image_inspect_usage(void)
{
	return &usage;
}

/* What was typed. */
struct inspect {
	const char *image;
	bool json;
	bool raw;
	bool help;
};

static int take_arguments(struct inspect *inspect, int argc, char **argv,
			  struct error *err)
{
	if (inspect->json && inspect->raw)
		return error_set(err, EINVAL,
				 "--json and --raw: choose one " TRY);
	if (optind == argc)
		return error_set(err, EINVAL, "no image given " TRY);
	if (optind + 1 < argc)
		return error_set(err, EINVAL, "more than one image given " TRY);
	inspect->image = argv[optind];
	return 0;
}

static int parse(struct inspect *inspect, int argc, char **argv,
		 struct error *err)
{
	const char *value;
	bool first = true;
	int i;

	while ((i = usage_next(&usage, first, argc, argv, &value, err)) >= 0) {
		first = false;
		inspect->json |= i == OPTION_JSON;
		inspect->raw |= i == OPTION_RAW;
		inspect->help |= i == OPTION_HELP;
	}
	if (i == USAGE_REFUSED)
		return -1;
	return inspect->help ? 0 : take_arguments(inspect, argc, argv, err);
}

static int print(const struct inspect *inspect, const struct image *image,
		 const struct image_work *work, struct error *err)
{
	AUTO(inspection) inspection = { 0 };

	if (inspect->raw) {
		(void)fwrite(image->config.bytes, 1, image->config.size,
			     stdout);
		return 0;
	}
	if (inspection_make(&inspection, image, work, err) < 0)
		return error_prefix(err, "image '%s'", image->path);
	if (inspect->json)
		return inspection_print_json(&inspection, err);
	inspection_print(&inspection, stdout);
	return 0;
}

static int inspect_image(const struct inspect *inspect,
			 struct workplace *workplace, struct error *err)
{
	AUTO(image) image = { 0 };

	if (workplace_open(workplace, err) < 0 ||
	    workplace_open_image(workplace, inspect->image, &image, err) < 0)
		return -1;
	return print(inspect, &image, &workplace->work, err);
}

int image_inspect_command(int argc, char **argv, struct error *err)
{
	struct workplace workplace = WORKPLACE_NONE;
	struct inspect inspect = { 0 };
	int status;

	if (parse(&inspect, argc, argv, err) < 0)
		return STATUS_FAILED;
	if (inspect.help) {
		fputs(about, stdout);
		usage_print_options(&usage, stdout);
		fputs(operands, stdout);
		return 0;
	}
	status = inspect_image(&inspect, &workplace, err) < 0 ? STATUS_FAILED
							      : 0;
	return workplace_finish(&workplace, status, err);
}
