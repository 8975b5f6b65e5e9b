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

static const char usage[] =
	"Usage: overlayvm image inspect [--json | --raw] IMAGE\n"
	"\n"
	"Print what an image is, how it is run, and its layers with their\n"
	"history. Layers are not verified; 'overlayvm image check' does that.\n"
	"\n"
	"  --json   the same and more, as JSON\n"
	"  --raw    the image's config, byte for byte\n"
	"  --help   print this\n"
	"\n"
	"IMAGE is as for 'overlayvm run --from-image'.\n";

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
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "raw", no_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int letter;

	optind = 0; /* GNU: also forget what an earlier parser left */
	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (letter == 'j')
			inspect->json = true;
		else if (letter == 'r')
			inspect->raw = true;
		else if (letter == 'h')
			inspect->help = true;
		else
			return error_set(err, EINVAL,
					 "unknown option '%s' " TRY,
					 argv[optind - 1]);
	}
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
		fputs(usage, stdout);
		return 0;
	}
	status = inspect_image(&inspect, &workplace, err) < 0 ? STATUS_FAILED
							      : 0;
	return workplace_finish(&workplace, status, err);
}
