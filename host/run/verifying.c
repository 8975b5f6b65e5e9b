/* SPDX-License-Identifier: MIT */
/* verifying.c - see state.h: the layers against the merged tree */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/layer/verify.h"
#include "host/run/state.h"

/* What the census of a tree may have: bytes. A million paths have a tenth. */
#define CENSUS_MAX (UINT64_C(2) << 30)

static int open_census(struct run *run, struct error *err)
{
	run->census = openat(run->dir.fd, "census",
			     O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (run->census < 0)
		return error_errno(err, "create a file for the census");
	return 0;
}

int run_take_census(void *ctx, const void *bytes, size_t size,
		    struct error *err)
{
	struct run *run = ctx;

	if (run->census < 0 && open_census(run, err) < 0)
		return -1;
	run->census_size += size;
	if (run->census_size > CENSUS_MAX)
		return error_set(err, EFBIG,
				 "the census of the merged tree has more than "
				 "%" PRIu64 " bytes",
				 CENSUS_MAX);
	if (io_write(run->census, bytes, size) < 0)
		return error_errno(err, "write the census");
	return 0;
}

static int open_base(struct run *run, const struct image_work *work,
		     struct layer_source *sources, struct error *err)
{
	for (size_t i = 0; i < run->image.layer_count; i++) {
		struct image_layer *layer = &run->image.layers[i];

		if (image_prepare_layer(&run->image, i, work, err) < 0 ||
		    image_layer_open(layer, &sources[i].fd, err) < 0)
			return -1;
		sources[i].offset = layer->offset;
		sources[i].size = layer->size;
	}
	return 0;
}

static int compare(struct run *run, const struct image_work *work,
		   struct layer_source *sources, struct error *err)
{
	size_t base = run->image.layer_count;
	const struct verify verify = {
		.layers = sources,
		.count = base + run->layer_count,
		.census = run->census,
		.has_clamp = run->plan->has_clamp,
		.clamp = run->plan->clamp,
		.advance = work->advance,
		.context = work->context,
	};

	for (size_t i = 0; i < run->layer_count; i++) {
		const struct collect *layer = &run->layers[i].collect;

		sources[base + i].fd = layer->fd;
		sources[base + i].size = layer->size;
	}
	return verify_layers(&verify, err);
}

int run_verify(struct run *run, const struct image_work *work,
	       struct error *err)
{
	size_t base = run->image.layer_count;
	struct layer_source *sources;
	int status;

	if (run->census < 0)
		return error_set(err, EPROTO,
				 "the guest has sent no census of the merged "
				 "tree");
	sources = calloc(base + run->layer_count, sizeof(*sources));
	if (!sources)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < base; i++)
		sources[i].fd = -1;
	status = open_base(run, work, sources, err);
	if (status == 0)
		status = compare(run, work, sources, err);
	for (size_t i = 0; i < base; i++)
		if (sources[i].fd >= 0)
			close(sources[i].fd);
	free(sources);
	return status;
}
