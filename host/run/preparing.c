/* SPDX-License-Identifier: MIT */
/* preparing.c - see preparing.h */
#include "host/run/preparing.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "host/jail/jail.h"
#include "host/layer/cache.h"
#include "host/layer/squash.h"
#include "host/layer/survey_jail.h"
#include "host/run/pool.h"
#include "images/command.h"
#include "images/place.h"

#define PROGRAM "tar2sqfs"

/* What a record of this layer alone says. */
static void look_up(struct preparing *preparing, size_t layer)
{
	AUTO(prepared) found = PREPARED_NONE;
	struct preparing_layer *to = &preparing->layers[layer];
	const struct record_layer *said;
	struct error ignored;

	if (prepared_open(&found, preparing->cache,
			  &preparing->image->layers[layer].diff_id, 1,
			  &ignored) < 0)
		return;
	said = &found.record.layers[0];
	if (said->entries == 0)
		to->state = PREPARING_EMPTY;
	else
		to->state = said->fits ? PREPARING_FITS : PREPARING_NO_PLACE;
}

int preparing_start(struct preparing *preparing, struct image *image,
		    const struct image_work *work, struct error *err)
{
	preparing->image = image;
	preparing->work = work;
	preparing->layers =
		calloc(image->layer_count + 1, sizeof(*preparing->layers));
	if (!preparing->layers)
		return error_set(err, ENOMEM, "out of memory");
	if (place_cached("layers", &preparing->cache, &preparing->no_cache) < 0)
		return 0;
	for (size_t i = 0; i < image->layer_count; i++)
		look_up(preparing, i);
	return 0;
}

bool preparing_may_fit(const struct preparing *preparing, size_t layer)
{
	enum preparing_state state = preparing->layers[layer].state;

	return state == PREPARING_UNKNOWN || state == PREPARING_FITS;
}

/* The diffIDs of a group; the caller's to free(). NULL: ENOMEM. */
static struct digest *ids_of(const struct preparing *preparing,
			     const struct preparing_group *group)
{
	struct digest *ids = calloc(group->count, sizeof(*ids));

	for (size_t i = 0; ids && i < group->count; i++)
		ids[i] = preparing->image->layers[group->layers[i]].diff_id;
	return ids;
}

bool preparing_open(struct preparing *preparing,
		    const struct preparing_group *group)
{
	autofree struct digest *ids = ids_of(preparing, group);
	struct error ignored;

	return ids && preparing->cache &&
	       prepared_open(group->file, preparing->cache, ids, group->count,
			     &ignored) == 0 &&
	       group->file->path;
}

int preparing_begin(struct preparing *preparing, struct error *err)
{
	if (preparing->program)
		return 0;
	if (!preparing->cache) {
		*err = preparing->no_cache;
		return -1;
	}
	if (command_find(&preparing->program, PROGRAM, err) < 0)
		return -1;
	if (!preparing->program)
		return error_set(err, ENOENT,
				 "no program '" PROGRAM
				 "' (package squashfs-tools-ng)");
	return place_make(preparing->cache, err);
}

static void describe(struct record_layer *to, const struct image_layer *layer,
		     struct survey *survey)
{
	*to = (struct record_layer){
		.diff_id = layer->diff_id,
		.size = survey->size,
		.entries = survey->entries,
		.root_implied = survey->root_implied,
		.opaque_root = survey->opaque_root,
		.whiteouts = survey->whiteouts,
		.fits = survey->fits,
	};
	(void)strcpy(to->why_not, survey->why_not);
	to->warnings = survey->warnings ? strdup(survey->warnings) : NULL;
}

static int make_record(struct record *record, const struct preparing *preparing,
		       const struct preparing_group *group, struct error *err)
{
	record->layers = calloc(group->count, sizeof(*record->layers));
	if (!record->layers)
		return error_set(err, ENOMEM, "out of memory");
	record->count = group->count;
	for (size_t i = 0; i < group->count; i++)
		describe(&record->layers[i],
			 &preparing->image->layers[group->layers[i]],
			 &preparing->layers[group->layers[i]].survey);
	return 0;
}

/* So that the next run need not find out again. */
static void note_no_file(struct preparing *preparing, size_t layer)
{
	AUTO(prepared_draft) draft = PREPARED_DRAFT_NONE;
	AUTO(prepared) made = PREPARED_NONE;
	AUTO(record) record = { 0 };
	const struct preparing_group group = { &layer, 1, &made };
	struct error ignored;

	if (make_record(&record, preparing, &group, &ignored) == 0 &&
	    prepared_begin(&draft, preparing->cache, &ignored) == 0)
		(void)prepared_publish(&made, &draft, preparing->cache, &record,
				       &ignored);
}

struct surveying {
	struct preparing *preparing;
	const bool *wanted;
};

static int ask_user(void *context, uint64_t bytes)
{
	const struct image_work *work =
		(*(struct preparing *const *)context)->work;

	return work->advance ? work->advance(work->context, bytes) : 0;
}

static bool ends_the_run(const struct error *err)
{
	return err->code == ECANCELED || jail_is_mistake(err->code);
}

/* A layer that cannot be read is the guest's to complain of. */
static int survey_verified(struct pool *pool, struct preparing_layer *to,
			   const struct image_layer *layer, struct error *err)
{
	struct layer_source source = { -1, layer->offset, layer->size };
	autoclose int fd = -1;

	if (image_layer_open(layer, &fd, err) < 0)
		return -1;
	source.fd = fd;
	to->surveyed = true;
	if (survey_in_jail(&to->survey, &source, layer->number, pool_advance,
			   pool, err) < 0) {
		to->state = PREPARING_NO_PLACE;
		return ends_the_run(err) ? -1 : 0;
	}
	if (to->survey.entries == 0)
		to->state = PREPARING_EMPTY;
	else
		to->state =
			to->survey.fits ? PREPARING_FITS : PREPARING_NO_PLACE;
	return 0;
}

static int survey_one(struct pool *pool, size_t number, void *context,
		      struct error *err)
{
	struct surveying *s = context;
	struct preparing *preparing = s->preparing;
	struct preparing_layer *to = &preparing->layers[number];
	struct image_work work = *preparing->work;

	work.advance = pool_advance;
	work.warn = NULL;
	work.context = pool;
	if (!s->wanted[number] || to->surveyed)
		return 0;
	if (image_prepare_layer(preparing->image, number, &work, err) < 0 ||
	    survey_verified(pool, to, &preparing->image->layers[number], err) <
		    0)
		return -1;
	if (to->state == PREPARING_EMPTY || to->survey.why_not[0])
		note_no_file(preparing, number);
	return 0;
}

int preparing_survey(struct preparing *preparing, const bool *wanted,
		     bool *news, struct error *err)
{
	struct surveying s = { preparing, wanted };
	const struct pool_work work = {
		survey_one,
		preparing->image->layer_count,
		ask_user,
		&s,
	};

	if (pool_run(&work, pool_processors(), err) < 0)
		return -1;
	*news = false;
	for (size_t i = 0; i < work.count; i++)
		*news |= wanted[i] && !preparing_may_fit(preparing, i);
	return 0;
}

struct squashing {
	struct preparing *preparing;
	const struct preparing_group *groups;
	unsigned int jobs;
	pthread_mutex_t mutex; /* of why */
	struct error *why;
};

static int open_layers(struct squash_layer *layers,
		       const struct preparing *preparing,
		       const struct preparing_group *group, struct error *err)
{
	for (size_t i = 0; i < group->count; i++) {
		size_t number = group->layers[i];
		const struct image_layer *layer =
			&preparing->image->layers[number];

		layers[i].source =
			(struct layer_source){ -1, layer->offset, layer->size };
		layers[i].survey = &preparing->layers[number].survey;
		if (image_layer_open(layer, &layers[i].source.fd, err) < 0)
			return -1;
	}
	return 0;
}

static int squash(struct squashing *s, const struct preparing_group *group,
		  int out, struct pool *pool, struct error *err)
{
	const struct squash_options options = {
		.program = s->preparing->program,
		.jobs = s->jobs,
		.advance = pool_advance,
		.context = pool,
	};
	autofree struct squash_layer *layers =
		calloc(group->count, sizeof(*layers));
	int status;

	if (!layers)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < group->count; i++)
		layers[i].source.fd = -1;
	status = open_layers(layers, s->preparing, group, err);
	if (status == 0)
		status =
			squash_layers(out, layers, group->count, &options, err);
	for (size_t i = 0; i < group->count; i++)
		if (layers[i].source.fd >= 0)
			(void)close(layers[i].source.fd);
	return status;
}

static int prepare(struct squashing *s, const struct preparing_group *group,
		   struct pool *pool, struct error *err)
{
	struct preparing *preparing = s->preparing;
	AUTO(prepared_draft) draft = PREPARED_DRAFT_NONE;
	AUTO(record) record = { 0 };
	autofree struct digest *ids = ids_of(preparing, group);

	if (!ids)
		return error_set(err, ENOMEM, "out of memory");
	if (prepared_claim(&draft, preparing->cache, ids, group->count,
			   pool_advance, pool, err) < 0)
		return -1;
	/* While this one waited another run may have made it. */
	if (preparing_open(preparing, group))
		return 0;
	prepared_release(group->file);
	if (make_record(&record, preparing, group, err) < 0 ||
	    prepared_begin(&draft, preparing->cache, err) < 0 ||
	    squash(s, group, draft.out, pool, err) < 0)
		return -1;
	record.has_file = true;
	return prepared_publish(group->file, &draft, preparing->cache, &record,
				err);
}

static int squash_one(struct pool *pool, size_t number, void *context,
		      struct error *err)
{
	struct squashing *s = context;

	if (prepare(s, &s->groups[number], pool, err) == 0)
		return 0;
	prepared_release(s->groups[number].file);
	if (ends_the_run(err))
		return -1;
	(void)pthread_mutex_lock(&s->mutex);
	if (s->why->code == 0)
		*s->why = *err;
	(void)pthread_mutex_unlock(&s->mutex);
	return 0;
}

/* The cache has grown. What it cannot do now another run will do. */
static void trim(const struct preparing *preparing)
{
	AUTO(cache_list) list = { 0 };
	struct error ignored;
	uint64_t freed;
	size_t removed;

	if (cache_list_kind(&list, preparing->cache, "layers", &ignored) == 0)
		(void)cache_trim(&list, PREPARING_CACHE_MAX, &freed, &removed,
				 &ignored);
}

int preparing_squash(struct preparing *preparing,
		     const struct preparing_group *groups, size_t count,
		     struct error *why, struct error *err)
{
	unsigned int processors = pool_processors();
	unsigned int workers =
		count < processors ? (unsigned int)count : processors;
	struct squashing s = {
		.preparing = preparing,
		.groups = groups,
		.jobs = workers > 0 ? processors / workers : 1,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.why = why,
	};
	const struct pool_work work = { squash_one, count, ask_user, &s };

	why->code = 0;
	if (pool_run(&work, workers, err) < 0)
		return -1;
	trim(preparing);
	return 0;
}

void preparing_release(struct preparing *preparing)
{
	size_t count = preparing->image ? preparing->image->layer_count : 0;

	for (size_t i = 0; preparing->layers && i < count; i++)
		survey_release(&preparing->layers[i].survey);
	free(preparing->layers);
	free(preparing->cache);
	free(preparing->program);
	*preparing = (struct preparing){ 0 };
}
