/* SPDX-License-Identifier: MIT */
/* export.c - see rescue.h: the upper directory, and what lies below it */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "guest/shared/scratch_marks.h"
#include "host/rescue/directory.h"
#include "host/rescue/rescue.h"
#include "host/rescue/tree.h"
#include "host/rescue/worker.h"

#define UPPER "/layer"

static int exists(const struct appliance *appliance, const char *path,
		  struct error *err)
{
	struct directory_file file;

	if (directory_look(&file, appliance, path, err) == 0)
		return 1;
	return err->code == ENOENT ? 0 : error_prefix(err, "'%s'", path + 1);
}

/* Lay what a command has done on the base, and remember it. */
static int add_below(struct rescue_layer *layer, const struct marking *marking,
		     const char *place, struct error *err)
{
	const struct layer_write_options options = { 0 };
	struct layer_source source = { .fd = layer->below_fd };
	off_t end;

	if (layer->below_count == RESCUE_BELOW_MAX)
		return error_set(err, E2BIG, "more than %d layers",
				 RESCUE_BELOW_MAX);
	if (layer->below_count > 0)
		source.offset = layer->below_end[layer->below_count - 1];
	if (tree_write(marking, place, layer->below_fd, &options, true, err) <
	    0)
		return -1;
	end = lseek(layer->below_fd, 0, SEEK_END);
	if (end < 0)
		return error_errno(err, "write the layer");
	source.size = (uint64_t)end - source.offset;
	layer->below_end[layer->below_count++] = (uint64_t)end;
	return base_add(layer->base, &source, err);
}

/* What --layer-per-run has put above the image is on the disk. */
static int find_below(struct rescue_layer *layer, struct marking *marking,
		      struct error *err)
{
	char place[TREE_PLACE_MAX];
	int found;

	for (size_t i = layer->image_layers + 1;; i++) {
		(void)snprintf(place, sizeof(place), "/image/%zu/layer", i);
		found = exists(marking->appliance, place, err);
		if (found <= 0)
			return found;
		if (!layer->base)
			return 0; /* whose layer it is is not known */
		if (add_below(layer, marking, place, err) < 0)
			return error_prefix(err, "'%s'", place + 1);
		marking->base = layer->base;
	}
}

static int run(struct appliance *appliance, void *context, struct error *err)
{
	struct rescue_layer *layer = context;
	struct marking marking = { .appliance = appliance,
				   .base = layer->base,
				   .why_not = layer->why_not };
	const struct layer_write_options options = { layer->has_clamp,
						     layer->clamp };
	int converted = exists(appliance, "/" SCRATCH_MARK_CONVERTED, err);

	if (converted < 0 || find_below(layer, &marking, err) < 0)
		return -1;
	marking.converted = converted;
	return tree_write(&marking, UPPER, layer->fd, &options, false, err);
}

int rescue_export(const struct rescue *rescue, struct rescue_layer *layer,
		  struct error *err)
{
	return worker_run(rescue, run, layer, layer, sizeof(*layer), err);
}
