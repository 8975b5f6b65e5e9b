/* SPDX-License-Identifier: MIT */
/* survey_jail.c - see survey_jail.h */
#include "host/layer/survey_jail.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/path.h"
#include "host/jail/jail.h"

/* What comes back; after it the warnings with their zero byte, and for each
 * repeat a 32-bit count and its path with its zero byte. */
struct head {
	uint64_t entries;
	uint64_t size;
	uint32_t warnings_size; /* bytes, the zero byte among them */
	bool root_implied;
	bool opaque_root;
	bool whiteouts;
	bool fits;
	char why_not[SURVEY_WHY_MAX];
};

#define RESULT_MAX                                                             \
	(sizeof(struct head) + SURVEY_WARNINGS_MAX +                           \
	 (size_t)REPEATS_MAX * (sizeof(uint32_t) + PATH_SIZE))

static void write_repeat(const char *path, uint32_t times, void *context)
{
	fwrite(&times, sizeof(times), 1, context);
	fwrite(path, strlen(path) + 1, 1, context);
}

static void write_survey(const struct survey *survey, FILE *out)
{
	const char *warnings = survey->warnings ? survey->warnings : "";
	struct head head = {
		.entries = survey->entries,
		.size = survey->size,
		.warnings_size = (uint32_t)strlen(warnings) + 1,
		.root_implied = survey->root_implied,
		.opaque_root = survey->opaque_root,
		.whiteouts = survey->whiteouts,
		.fits = survey->fits,
	};

	memcpy(head.why_not, survey->why_not, sizeof(head.why_not));
	fwrite(&head, sizeof(head), 1, out);
	fwrite(warnings, head.warnings_size, 1, out);
	repeats_each(&survey->repeats, write_repeat, out);
}

static int put_survey(struct jail *jail, const struct survey *survey,
		      struct error *err)
{
	autofree char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);

	if (!out)
		return error_errno(err, "survey");
	write_survey(survey, out);
	if (fclose(out) != 0)
		return error_errno(err, "survey");
	return jail_put(jail, bytes, size, err);
}

static int survey_inside(struct jail *jail, void *context, struct error *err)
{
	AUTO(survey) survey = { 0 };

	if (survey_layer(&survey, context, jail_tick, jail, err) < 0)
		return -1;
	return put_survey(jail, &survey, err);
}

static int say_no_survey(struct error *err)
{
	return error_set(err, EPROTO, "no survey of a layer");
}

/* A string with its zero byte at *at, within `most` bytes of it. */
static const char *take_string(const char **at, size_t *left, size_t most)
{
	const char *string = *at;
	size_t size = strnlen(string, *left) + 1;

	if (size > *left || size > most)
		return NULL;
	*at += size;
	*left -= size;
	return string;
}

static int read_repeats(struct repeats *repeats, const char *at, size_t left,
			struct error *err)
{
	while (left > 0) {
		const char *path;
		uint32_t times;

		if (left < sizeof(times))
			return say_no_survey(err);
		memcpy(&times, at, sizeof(times));
		at += sizeof(times);
		left -= sizeof(times);
		path = take_string(&at, &left, PATH_SIZE);
		if (!path || times > REPEATS_MAX)
			return say_no_survey(err);
		while (times-- > 0)
			if (repeats_note(repeats, path, err) < 0)
				return -1;
	}
	return 0;
}

static int read_survey(struct survey *survey, const struct jail_result *result,
		       struct error *err)
{
	const char *at = result->bytes;
	size_t left = result->size;
	const char *warnings;
	struct head head;

	if (left < sizeof(head))
		return say_no_survey(err);
	memcpy(&head, at, sizeof(head));
	at += sizeof(head);
	left -= sizeof(head);
	warnings = take_string(&at, &left, SURVEY_WARNINGS_MAX);
	if (!warnings || strlen(warnings) + 1 != head.warnings_size ||
	    !memchr(head.why_not, '\0', sizeof(head.why_not)))
		return say_no_survey(err);
	survey->entries = head.entries;
	survey->size = head.size;
	survey->root_implied = head.root_implied;
	survey->opaque_root = head.opaque_root;
	survey->whiteouts = head.whiteouts;
	survey->fits = head.fits;
	(void)strcpy(survey->why_not, head.why_not);
	if (*warnings) {
		survey->warnings = strdup(warnings);
		if (!survey->warnings)
			return error_set(err, ENOMEM, "out of memory");
	}
	return read_repeats(&survey->repeats, at, left, err);
}

int survey_in_jail(struct survey *survey, const struct layer_source *source,
		   size_t number, int (*advance)(void *context, uint64_t bytes),
		   void *context, struct error *err)
{
	char what[64];
	const struct jail_work work = {
		.what = what,
		.work = survey_inside,
		.context = (void *)source,
		.fds = &source->fd,
		.fd_count = 1,
		.result_max = RESULT_MAX,
		.advance = advance,
		.advance_context = context,
	};
	AUTO(jail_result) result = { 0 };
	AUTO(survey) new = { 0 };

	(void)snprintf(what, sizeof(what), "layer %zu", number);
	if (jail_run(&work, &result, err) < 0 ||
	    read_survey(&new, &result, err) < 0)
		return -1;
	*survey = new;
	new = (struct survey){ 0 };
	return 0;
}
