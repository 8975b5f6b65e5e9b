/* SPDX-License-Identifier: MIT */
/* image_convert.c - overlayvm image convert, see image.h */
#include <errno.h>
#include <stdio.h>

#include "host/cli/arguments.h"
#include "host/cli/image.h"
#include "host/cli/image_write.h"
#include "host/cli/workplace.h"
#include "host/run/failure.h"

static const char usage[] =
	"Usage: overlayvm image convert FROM TO\n"
	"\n"
	"Write an image in another form. Its layers are verified, and copied "
	"as\n"
	"they are stored; its config is not touched, so that it keeps its ID.\n"
	"\n"
	"FROM is as for 'overlayvm run --from-image', TO as for "
	"--output-image:\n"
	"docker-archive:PATH[:NAME:TAG], oci-archive:PATH[:REF], "
	"oci:DIR[:REF].\n"
	"\n"
	"  --help   print this\n";

static int convert(struct workplace *workplace, const char *from,
		   const char *to, struct error *err)
{
	const struct config_edit as_it_is = { 0 };
	AUTO(image_output) output = IMAGE_OUTPUT_NONE;
	AUTO(image) image = { 0 };

	if (image_output_check(&output, to, err) < 0)
		return -1;
	if (output.target.form == TARGET_NIX)
		return error_set(err, EINVAL,
				 "'%s' holds a layer and no image (flatten "
				 "makes one layer of an image)",
				 to);
	if (workplace_open(workplace, err) < 0 ||
	    workplace_open_image(workplace, from, &image, err) < 0)
		return -1;
	return image_write(&output, &image, &as_it_is, &workplace->work, err);
}

int image_convert_command(int argc, char **argv, struct error *err)
{
	struct workplace workplace = WORKPLACE_NONE;
	const char *words[2];
	bool is_help;
	int status;

	if (arguments_take(words, COUNT_OF(words), argc, argv, "FROM and TO",
			   "image convert", &is_help, err) < 0)
		return STATUS_FAILED;
	if (is_help) {
		fputs(usage, stdout);
		return 0;
	}
	status = convert(&workplace, words[0], words[1], err) < 0
			 ? STATUS_FAILED
			 : 0;
	return workplace_finish(&workplace, status, err);
}
