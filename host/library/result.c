/* SPDX-License-Identifier: MIT */
/* result.c - what comes out, see overlayvm.h */
#include "host/library/handle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct overlayvm_result *result_new(struct error *err)
{
	struct overlayvm_result *result = calloc(1, sizeof(*result));

	if (!result)
		(void)error_set(err, ENOMEM, "out of memory");
	return result;
}

struct overlayvm_step result_step(const struct timeline_step *step)
{
	return (struct overlayvm_step){
		.name = step->name,
		.guest = step->guest,
		.start = step->start,
		.end = step->end,
	};
}

static void write_digest(char text[OVERLAYVM_DIGEST_SIZE],
			 const struct digest *digest)
{
	if (digest->hex[0])
		(void)snprintf(text, OVERLAYVM_DIGEST_SIZE, "sha256:%s",
			       digest->hex);
}

static void fill_layer(struct overlayvm_layer *layer,
		       struct layer_digests *digests,
		       const struct run_layer *from)
{
	write_digest(digests->diff_id, &from->diff_id);
	write_digest(digests->digest, &from->stored.digest);
	*layer = (struct overlayvm_layer){
		.diff_id = digests->diff_id,
		.size = from->size,
		.digest = digests->digest,
		.stored_size = from->stored.size,
		.entries = from->summary.entries,
		.whiteouts = from->summary.whiteouts,
		.opaques = from->summary.opaques,
	};
}

int result_finish(struct overlayvm_result *result, struct error *err)
{
	const struct run_result *run = &result->run;
	size_t count = run->layers ? run->layer_count : 0;

	for (size_t i = 0; i < run->timeline.count; i++)
		result->steps[i] = result_step(&run->timeline.steps[i]);
	write_digest(result->image, &run->manifest);
	write_digest(result->image_id, &run->config);
	if (count == 0)
		return 0;
	result->layers = calloc(count, sizeof(*result->layers));
	result->digests = calloc(count, sizeof(*result->digests));
	if (!result->layers || !result->digests)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		fill_layer(&result->layers[i], &result->digests[i],
			   &run->layers[i]);
	return 0;
}

enum overlayvm_class overlayvm_result_class(
	const struct overlayvm_result *result)
{
	return (enum overlayvm_class)result->run.class;
}

int overlayvm_result_status(const struct overlayvm_result *result)
{
	return result->run.status;
}

const char *overlayvm_result_phase(const struct overlayvm_result *result)
{
	return result->run.phase;
}

int overlayvm_result_retryable(const struct overlayvm_result *result)
{
	return result->run.retryable;
}

size_t overlayvm_result_layer_count(const struct overlayvm_result *result)
{
	return result->layers ? result->run.layer_count : 0;
}

const struct overlayvm_layer *overlayvm_result_layer(
	const struct overlayvm_result *result, size_t index)
{
	return index < overlayvm_result_layer_count(result)
		       ? &result->layers[index]
		       : NULL;
}

const char *overlayvm_result_image(const struct overlayvm_result *result)
{
	return result->image[0] ? result->image : NULL;
}

const char *overlayvm_result_image_id(const struct overlayvm_result *result)
{
	return result->image_id[0] ? result->image_id : NULL;
}

size_t overlayvm_result_step_count(const struct overlayvm_result *result)
{
	return result->run.timeline.count;
}

const struct overlayvm_step *overlayvm_result_step(
	const struct overlayvm_result *result, size_t index)
{
	return index < result->run.timeline.count ? &result->steps[index]
						  : NULL;
}

const char *overlayvm_result_report(const struct overlayvm_result *result)
{
	return result->report;
}

void overlayvm_result_free(struct overlayvm_result *result)
{
	if (!result)
		return;
	run_result_release(&result->run);
	free(result->layers);
	free(result->digests);
	free(result->report);
	free(result);
}
