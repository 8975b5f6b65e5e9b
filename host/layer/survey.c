/* SPDX-License-Identifier: MIT */
/* survey.c - see survey.h */
#include "host/layer/survey.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct sink {
	struct layer_sink sink; /* first: the operations are given this */
	struct survey *survey;
	int (*advance)(void *context, uint64_t bytes);
	void *context;
};

/* One reason is enough; the first says it. */
static void does_not_fit(struct survey *survey, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

static void does_not_fit(struct survey *survey, const char *fmt, ...)
{
	struct error line; /* for its way with control characters */
	char text[sizeof(survey->why_not)];
	va_list args;

	if (!survey->fits)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	(void)error_set(&line, 0, "%s", text);
	survey->fits = false;
	(void)snprintf(survey->why_not, sizeof(survey->why_not), "%.*s",
		       (int)sizeof(text) - 1, line.msg);
}

static bool has_prefix(const char *name)
{
	return strncmp(name, "user.", 5) == 0 ||
	       strncmp(name, "trusted.", 8) == 0 ||
	       strncmp(name, "security.", 9) == 0;
}

/* In base64 and with everything in the name escaped, at worst. */
static size_t xattr_size(const struct layer_xattr *xattr)
{
	return 3 * strlen(xattr->name) + xattr->size / 3 * 4 + 64;
}

static void look_at_xattrs(struct survey *survey,
			   const struct layer_entry *entry)
{
	size_t size = 0;

	for (size_t i = 0; i < entry->xattr_count; i++) {
		const struct layer_xattr *xattr = &entry->xattrs[i];

		size += xattr_size(xattr);
		if (!has_prefix(xattr->name))
			does_not_fit(survey, "'%.100s' has the xattr '%.60s'",
				     entry->path, xattr->name);
	}
	if (size > SURVEY_XATTRS_MAX)
		does_not_fit(survey,
			     "'%.100s' has xattrs of more than %d bytes",
			     entry->path, SURVEY_XATTRS_MAX);
}

static int look_at(struct survey *survey, const struct layer_entry *entry,
		   struct error *err)
{
	if (entry->mtime.tv_sec < 0 || entry->mtime.tv_sec > UINT32_MAX)
		does_not_fit(survey, "'%.100s' is of the time %" PRId64 " s",
			     entry->path, (int64_t)entry->mtime.tv_sec);
	look_at_xattrs(survey, entry);
	if (numbers_add(&survey->owners, entry->uid, err) < 0 ||
	    numbers_add(&survey->owners, entry->gid, err) < 0)
		return -1;
	if (survey->owners.count > SURVEY_OWNERS_MAX)
		does_not_fit(survey, "it has more than %d owners",
			     SURVEY_OWNERS_MAX);
	return 0;
}

/* All or none of a line. */
static void keep_warning(void *context, const char *message)
{
	struct survey *survey = context;
	size_t used = survey->warnings ? strlen(survey->warnings) : 0;
	size_t size = strlen(message);
	char *more;

	if (used + size + 2 > SURVEY_WARNINGS_MAX)
		return;
	more = realloc(survey->warnings, used + size + 2);
	if (!more)
		return;
	memcpy(more + used, message, size);
	more[used + size] = '\n';
	more[used + size + 1] = '\0';
	survey->warnings = more;
}

static int go_on(struct sink *sink, struct error *err)
{
	if (sink->advance && sink->advance(sink->context, 0) != 0)
		return error_set(err, ECANCELED, "cancelled");
	return 0;
}

static int make_directory(struct layer_sink *sink, const char *path,
			  struct error *err)
{
	(void)path;
	return go_on((struct sink *)sink, err);
}

static int add(struct layer_sink *sink, const struct layer_entry *entry,
	       struct layer_data *data, struct error *err)
{
	struct survey *survey = ((struct sink *)sink)->survey;

	(void)data;
	if (go_on((struct sink *)sink, err) < 0)
		return -1;
	if (entry->size > UINT64_MAX / 2 - survey->size)
		does_not_fit(survey, "its files are too large");
	else
		survey->size += entry->size;
	return look_at(survey, entry, err);
}

/* FNV-1a. Two paths with one hash make a layer fit less, and no more. */
static uint64_t hash_path(const char *path)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	return hash >> 1;
}

static int add_link(struct layer_sink *sink, const char *path,
		    const char *target, struct error *err)
{
	struct survey *survey = ((struct sink *)sink)->survey;

	(void)path;
	if (numbers_add(&survey->targets, hash_path(target), err) < 0)
		return -1;
	return go_on((struct sink *)sink, err);
}

/* Directories are written at the end, when it is known which there are. */
static int take_back(struct layer_sink *sink, const char *path,
		     int is_directory, struct error *err)
{
	struct survey *survey = ((struct sink *)sink)->survey;

	if (is_directory)
		return 0;
	if (numbers_has(&survey->targets, hash_path(path)))
		does_not_fit(survey,
			     "a later entry replaces '%.100s', which has "
			     "other names",
			     path);
	if (repeats_note(&survey->repeats, path, err) == 0)
		return 0;
	if (err->code != E2BIG)
		return -1;
	does_not_fit(survey, "%s", err->msg);
	return 0;
}

static int whiteout(struct layer_sink *sink, const char *path,
		    struct error *err)
{
	(void)path;
	((struct sink *)sink)->survey->whiteouts = true;
	return go_on((struct sink *)sink, err);
}

static int settle(struct layer_sink *sink, const struct layer_entry *entry,
		  unsigned int flags, struct error *err)
{
	struct survey *survey = ((struct sink *)sink)->survey;

	if (flags & LAYER_SETTLE_INHERIT) {
		if (*entry->path)
			does_not_fit(survey,
				     "it does not describe the directory "
				     "'%.200s'",
				     entry->path);
		else
			survey->root_implied = true;
	}
	return look_at(survey, entry, err);
}

/* What is only known when all has been seen. */
static void conclude(struct survey *survey, const struct layer_source *source)
{
	if (survey->size > source->size &&
	    survey->size - source->size > SURVEY_HOLES_MAX)
		does_not_fit(survey, "its files have holes of %" PRIu64 " MiB",
			     (survey->size - source->size) >> 20);
}

int survey_layer(struct survey *survey, const struct layer_source *source,
		 int (*advance)(void *context, uint64_t bytes), void *context,
		 struct error *err)
{
	struct sink sink = {
		.sink = {
			.make_directory = make_directory,
			.add = add,
			.link = add_link,
			.remove = take_back,
			.whiteout = whiteout,
			.settle = settle,
		},
		.survey = survey,
		.advance = advance,
		.context = context,
	};
	const struct layer_options options = { keep_warning, survey, NULL };
	struct layer_stats stats;

	*survey = (struct survey){ .fits = true };
	if (layer_read(source, &sink.sink, &options, &stats, err) < 0) {
		survey_release(survey);
		return -1;
	}
	survey->entries = stats.entries;
	survey->opaque_root = stats.opaque_root;
	conclude(survey, source);
	return 0;
}

void survey_release(struct survey *survey)
{
	free(survey->warnings);
	repeats_release(&survey->repeats);
	numbers_release(&survey->owners);
	numbers_release(&survey->targets);
	*survey = (struct survey){ 0 };
}
