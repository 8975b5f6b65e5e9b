/* SPDX-License-Identifier: MIT */
/* image_flatten.c - overlayvm image flatten, see image.h */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "host/cli/arguments.h"
#include "host/cli/image.h"
#include "host/cli/image_write.h"
#include "host/cli/spool.h"
#include "host/cli/workplace.h"
#include "host/layer/flatten.h"
#include "host/run/failure.h"
#include "host/run/output.h"

#define CREATED_BY "overlayvm image flatten"

static const char usage[] =
	"Usage: overlayvm image flatten FROM TO\n"
	"\n"
	"Apply the layers of an image to each other, without a virtual "
	"machine\n"
	"and without extracting anything, and write what they make as one "
	"tar,\n"
	"sorted, without whiteouts.\n"
	"\n"
	"FROM is as for 'overlayvm run --from-image'. TO is the path of the "
	"tar,\n"
	"- for standard output; or, as for --output-image, an image that has "
	"that\n"
	"tar as its one layer, and the config of the old one: "
	"docker-archive:,\n"
	"oci-archive:, oci:, nix:.\n"
	"\n"
	"  --help   print this\n";

static int flatten(const struct image *image, struct layer_source *sources,
		   const struct image_work *work, struct spool *spool,
		   struct error *err)
{
	const struct flatten_options options = {
		.advance = work->advance,
		.warn = work->warn,
		.context = work->context,
	};
	const struct tar_sink sink = { spool_add, spool };

	if (flatten_layers(sources, image->layer_count, &options, &sink, err) <
	    0)
		return error_prefix(err, "image '%s'", image->path);
	return spool_flush(spool, err);
}

/* Verify the layers and find their bytes; *sources is the caller's. */
static int prepare(struct image *image, const struct image_work *work,
		   struct layer_source **sources, struct error *err)
{
	*sources = calloc(image->layer_count + 1, sizeof(**sources));
	if (!*sources)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < image->layer_count; i++)
		(*sources)[i].fd = -1;
	for (size_t i = 0; i < image->layer_count; i++) {
		struct layer_source *source = &(*sources)[i];

		if (image_prepare_layer(image, i, work, err) < 0 ||
		    image_layer_open(&image->layers[i], &source->fd, err) < 0)
			return -1;
		source->offset = image->layers[i].offset;
		source->size = image->layers[i].size;
	}
	return 0;
}

static int write_to(struct image *image, const struct image_work *work,
		    struct spool *spool, struct error *err)
{
	struct layer_source *sources = NULL;
	int status = prepare(image, work, &sources, err);

	if (status == 0)
		status = flatten(image, sources, work, spool, err);
	for (size_t i = 0; sources && i < image->layer_count; i++)
		if (sources[i].fd >= 0)
			(void)close(sources[i].fd);
	free(sources);
	return status < 0 ? -1 : image_unchanged(image, err);
}

static int write_tar(struct workplace *workplace, const char *from,
		     const char *to, struct error *err)
{
	const struct image_work *work = &workplace->work;
	AUTO(output) output = OUTPUT_NONE;
	AUTO(image) image = { 0 };
	AUTO(spool) spool = { 0 };

	if (output_check(to, err) < 0 || workplace_open(workplace, err) < 0 ||
	    workplace_open_image(workplace, from, &image, err) < 0 ||
	    output_open(&output, to, work->dir, err) < 0 ||
	    spool_begin(&spool, output.fd, err) < 0 ||
	    write_to(&image, work, &spool, err) < 0)
		return -1;
	return output_commit(&output, err);
}

/* The tar goes to the private directory first: its digest names it. */
static int write_image(struct workplace *workplace, const char *from,
		       const char *to, struct error *err)
{
	const struct image_work *work = &workplace->work;
	struct image_addition addition = { .created_by = CREATED_BY };
	struct config_edit edit = {
		.additions = &addition,
		.addition_count = 1,
		.flattened = true,
	};
	AUTO(image_output) output = IMAGE_OUTPUT_NONE;
	AUTO(image) image = { 0 };
	AUTO(output) plain = OUTPUT_NONE;
	AUTO(spool) spool = { 0 };

	if (image_write_time(&edit.created, err) < 0 ||
	    image_output_check(&output, to, err) < 0 ||
	    workplace_open(workplace, err) < 0 ||
	    workplace_open_image(workplace, from, &image, err) < 0 ||
	    output_open(&plain, NULL, work->dir, err) < 0 ||
	    spool_begin(&spool, plain.fd, err) < 0 ||
	    write_to(&image, work, &spool, err) < 0 ||
	    digest_end(&spool.state, &addition.digest, err) < 0)
		return -1;
	addition.fd = plain.fd;
	addition.size = spool.size;
	addition.diff_id = addition.digest;
	return image_write(&output, &image, &edit, work, err);
}

int image_flatten_command(int argc, char **argv, struct error *err)
{
	struct workplace workplace = WORKPLACE_NONE;
	const char *words[2];
	bool is_help;
	int status;

	if (arguments_take(words, COUNT_OF(words), argc, argv, "FROM and TO",
			   "image flatten", &is_help, err) < 0)
		return STATUS_FAILED;
	if (is_help) {
		fputs(usage, stdout);
		return 0;
	}
	status = target_has_form(words[1])
			 ? write_image(&workplace, words[0], words[1], err)
			 : write_tar(&workplace, words[0], words[1], err);
	return workplace_finish(&workplace, status < 0 ? STATUS_FAILED : 0,
				err);
}
