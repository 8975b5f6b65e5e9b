/* SPDX-License-Identifier: MIT */
/* layers_out.c - see state.h: the layers that come out of a run */
#include <errno.h>
#include <stdlib.h>

#include "host/run/state.h"

static enum compression compression_wanted(const struct plan *plan)
{
	static const enum compression of[] = {
		[PLAN_COMPRESS_NONE] = COMPRESSION_NONE,
		[PLAN_COMPRESS_GZIP] = COMPRESSION_GZIP,
		[PLAN_COMPRESS_ZSTD] = COMPRESSION_ZSTD,
	};

	return of[plan->compress];
}

static int open_layer(struct run *run, size_t index, struct error *err)
{
	return returned_open(&run->layers[index], run->plan->output,
			     compression_wanted(run->plan), run->dir.fd, err);
}

int run_open_layers(struct run *run, struct error *err)
{
	size_t count = plan_layer_count(run->plan);

	run->layers = calloc(count, sizeof(*run->layers));
	if (!run->layers)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		run->layers[i] = (struct returned)RETURNED_NONE;
	run->layer_count = count;
	return open_layer(run, 0, err);
}

struct collect *run_next_layer(void *ctx, size_t index, struct error *err)
{
	struct run *run = ctx;

	if (index > 0 && open_layer(run, index, err) < 0)
		return NULL;
	return &run->layers[index].collect;
}

int run_describe_layers(struct run *run, struct error *err)
{
	struct run_result *result = run->result;

	result->layers = calloc(run->layer_count, sizeof(*result->layers));
	if (!result->layers)
		return error_set(err, ENOMEM, "out of memory");
	result->layer_count = run->layer_count;
	for (size_t i = 0; i < run->layer_count; i++) {
		const struct collect *from = &run->layers[i].collect;

		result->layers[i] = (struct run_layer){
			.diff_id = from->digest,
			.size = from->size,
			.stored = from->stored,
			.summary = from->summary,
		};
	}
	return 0;
}

void run_release_layers(struct run *run)
{
	for (size_t i = 0; i < run->layer_count; i++)
		returned_release(&run->layers[i]);
	free(run->layers);
	run->layers = NULL;
	run->layer_count = 0;
}
