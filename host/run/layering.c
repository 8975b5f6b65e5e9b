/* SPDX-License-Identifier: MIT */
/*
 * layering.c - see layering.h
 *
 * What can be mounted is known only when it is known of each layer whether it
 * fits, and then decides which layers share a file. So the groups are made of
 * what is known so far, in the hope that what is not known fits; where that
 * was wrong they are made again.
 */
#include "host/run/layering.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/run/grouping.h"
#include "host/run/pool.h"
#include "host/run/preparing.h"

struct deciding {
	struct layering *layering;
	struct image *image;
	const struct layering_options *options;
	struct preparing preparing;
	struct grouping grouping;
	size_t missing[MESSAGE_PARTITIONS_MAX]; /* groups without a file */
	size_t missing_count;
};

static void deciding_release(struct deciding *d)
{
	preparing_release(&d->preparing);
}

DEFINE_AUTO(deciding, deciding_release)

/* Whatever it is, the layers are unpacked instead; so once is enough. */
static void say_why(const struct deciding *d, const struct error *why)
{
	char text[sizeof(why->msg) + 64];

	(void)snprintf(text, sizeof(text),
		       "layers are unpacked in the guest, not mounted: %s",
		       why->msg);
	d->options->note(d->options->context, text);
}

static void make_groups(struct deciding *d)
{
	bool mounted[MESSAGE_LAYERS_MAX] = { false };

	for (size_t i = 0; i < d->image->layer_count; i++)
		mounted[i] = preparing_may_fit(&d->preparing, i);
	grouping_make(&d->grouping, mounted, d->image->layer_count);
}

static struct preparing_group group_at(struct deciding *d, size_t group)
{
	struct preparing_group at = { .file = &d->layering->files[group] };

	at.layers = grouping_members(&d->grouping, group, &at.count);
	return at;
}

static void release_files(struct layering *layering)
{
	for (size_t i = 0; i < layering->file_count; i++)
		prepared_release(&layering->files[i]);
	layering->file_count = 0;
}

static void open_files(struct deciding *d)
{
	struct layering *layering = d->layering;
	size_t count = grouping_groups(&d->grouping);

	release_files(layering);
	d->missing_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct preparing_group group = group_at(d, i);

		layering->files[i] = (struct prepared)PREPARED_NONE;
		layering->file_count = i + 1;
		if (!preparing_open(&d->preparing, &group)) {
			prepared_release(&layering->files[i]);
			d->missing[d->missing_count++] = i;
		}
	}
}

/* *news: some of the layers without a file cannot have one. */
static int survey(struct deciding *d, bool *news, struct error *err)
{
	bool wanted[MESSAGE_LAYERS_MAX] = { false };

	for (size_t i = 0; i < d->missing_count; i++) {
		struct preparing_group group = group_at(d, d->missing[i]);

		for (size_t j = 0; j < group.count; j++)
			wanted[group.layers[j]] = true;
	}
	return preparing_survey(&d->preparing, wanted, news, err);
}

static int squash(struct deciding *d, struct error *err)
{
	struct preparing_group groups[MESSAGE_PARTITIONS_MAX];
	struct error why;

	for (size_t i = 0; i < d->missing_count; i++)
		groups[i] = group_at(d, d->missing[i]);
	d->options->step(d->options->context, "prepare the layers");
	if (preparing_squash(&d->preparing, groups, d->missing_count, &why,
			     err) < 0)
		return -1;
	d->layering->made = true;
	if (why.code != 0)
		say_why(d, &why);
	return 0;
}

static int find_files(struct deciding *d, struct error *err)
{
	struct error why;
	bool news;

	do {
		make_groups(d);
		open_files(d);
		if (d->missing_count == 0)
			return 0;
		if (preparing_begin(&d->preparing, &why) < 0) {
			say_why(d, &why);
			return 0;
		}
		if (survey(d, &news, err) < 0)
			return -1;
	} while (news);
	return squash(d, err);
}

static void mount_group(struct deciding *d, size_t group, size_t file)
{
	struct preparing_group from = group_at(d, group);

	for (size_t i = 0; i < from.count; i++)
		d->layering->layers[from.layers[i]] = (struct layering_layer){
			.way = LAYERING_MOUNT,
			.file = file,
			.place = (unsigned)i + 1,
			.record = &from.file->record.layers[i],
		};
	/* Partitions are numbered without gaps; records stay where they are
	 * when a file moves up. */
	if (file != group) {
		d->layering->files[file] = *from.file;
		*from.file = (struct prepared)PREPARED_NONE;
	}
}

/* Layers of a group without a file are unpacked. */
static void conclude(struct deciding *d)
{
	struct layering *layering = d->layering;
	size_t files = 0;

	for (size_t i = 0; i < layering->count; i++)
		if (d->preparing.layers[i].state == PREPARING_EMPTY)
			layering->layers[i].way = LAYERING_NOTHING;
	for (size_t i = 0; i < layering->file_count; i++)
		if (layering->files[i].path)
			mount_group(d, i, files++);
	layering->file_count = files;
}

/* What the guest would say while it unpacks them. */
static void pass_on_warnings(const struct layering *layering,
			     const struct layering_options *options)
{
	for (size_t i = 0; i < layering->count; i++) {
		const struct record_layer *record = layering->layers[i].record;
		const char *line = record ? record->warnings : NULL;

		while (line && *line) {
			char text[1024];
			size_t length = strcspn(line, "\n");

			(void)snprintf(text, sizeof(text), "%.*s", (int)length,
				       line);
			options->note(options->context, text);
			line += length + (line[length] == '\n');
		}
	}
}

static int decide(struct layering *layering, struct image *image,
		  const struct layering_options *options, struct error *err)
{
	AUTO(deciding)
	d = {
		.layering = layering,
		.image = image,
		.options = options,
	};

	if (preparing_start(&d.preparing, image, &options->work, err) < 0 ||
	    find_files(&d, err) < 0)
		return -1;
	conclude(&d);
	pass_on_warnings(layering, options);
	return 0;
}

struct verifying {
	const struct layering *layering;
	struct image *image;
	const struct image_work *work;
};

static int verify_one(struct pool *pool, size_t number, void *context,
		      struct error *err)
{
	const struct verifying *v = context;
	struct image_work work = *v->work;

	work.advance = pool_advance;
	work.warn = NULL;
	work.context = pool;
	if (v->layering->layers[number].way != LAYERING_UNPACK)
		return 0;
	return image_prepare_layer(v->image, number, &work, err);
}

static int ask_user(void *context, uint64_t bytes)
{
	const struct verifying *v = context;

	return v->work->advance ? v->work->advance(v->work->context, bytes) : 0;
}

static int verify(const struct layering *layering, struct image *image,
		  const struct image_work *work, struct error *err)
{
	struct verifying v = { layering, image, work };
	const struct pool_work pool = { verify_one, layering->count, ask_user,
					&v };

	return pool_run(&pool, pool_processors(), err);
}

int layering_make(struct layering *layering, struct image *image,
		  const struct layering_options *options, struct error *err)
{
	layering->layers =
		calloc(image->layer_count + 1, sizeof(*layering->layers));
	if (!layering->layers)
		return error_set(err, ENOMEM, "out of memory");
	layering->count = image->layer_count;
	if (options->mount && decide(layering, image, options, err) < 0)
		return -1;
	return verify(layering, image, &options->work, err);
}

int layering_unchanged(const struct layering *layering, struct error *err)
{
	for (size_t i = 0; i < layering->file_count; i++)
		if (prepared_unchanged(&layering->files[i], err) < 0)
			return -1;
	return 0;
}

void layering_release(struct layering *layering)
{
	release_files(layering);
	free(layering->layers);
	*layering = (struct layering)LAYERING_NONE;
}
