/* SPDX-License-Identifier: MIT */
/* place.c - see place.h */
#include "host/layer/place.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "guest/shared/order.h"
#include "guest/shared/whiteout.h"

static int push(struct place *place, size_t length, struct error *err)
{
	if (place->depth == place->room) {
		size_t room = place->room ? place->room * 2 : 16;
		struct place_level *levels =
			realloc(place->levels, room * sizeof(*levels));

		if (!levels)
			return error_errno(err, "keep a directory");
		place->levels = levels;
		place->room = room;
	}
	place->levels[place->depth] = (struct place_level){ .length = length };
	place->depth++;
	return 0;
}

static void pop(struct place *place)
{
	struct place_level *level = &place->levels[--place->depth];

	place->names -= level->used;
	free(level->hidden);
	level->hidden = NULL;
}

static bool is_below(const struct place *place, const char *path)
{
	size_t length = place->levels[place->depth - 1].length;

	return length == 0 ||
	       (strncmp(path, place->path, length) == 0 && path[length] == '/');
}

static int keep_hidden(struct place *place, const char *name, uint64_t limit,
		       struct error *err)
{
	struct place_level *level = &place->levels[place->depth - 1];
	size_t size = strlen(name) + 1;

	if (place->names + size > limit)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " bytes of "
				 "whiteouts in one directory",
				 limit);
	if (level->room - level->used < size) {
		size_t room = 2 * (level->room + size);
		char *hidden = realloc(level->hidden, room);

		if (!hidden)
			return error_errno(err, "keep a whiteout");
		level->hidden = hidden;
		level->room = room;
	}
	memcpy(level->hidden + level->used, name, size);
	level->used += size;
	place->names += size;
	return 0;
}

/* Both the hidden names and those that come are in bytewise order. */
static bool is_hidden(struct place_level *level, const char *name)
{
	while (level->next < level->used) {
		const char *hidden = level->hidden + level->next;
		int order = strcmp(hidden, name);

		if (order >= 0)
			return order == 0;
		level->next += strlen(hidden) + 1;
	}
	return false;
}

static int check_order(const struct place_level *level, const char *path,
		       const char *name, struct error *err)
{
	int order = *level->last ? order_compare(level->last, name) : -1;
	int directory = (int)(name - path); /* bytes, with the slash */

	if (order == 0)
		return error_set(err, EPROTO, "'%s' is there twice", path);
	if (order > 0)
		return error_set(err, EPROTO, "'%s' comes after '%.*s%s'", path,
				 directory, path, level->last);
	return 0;
}

int place_take(struct place *place, const char *path, bool directory,
	       uint64_t limit, struct error *err)
{
	const char *name = path_base(path);
	const char *deleted = NULL;
	struct place_level *level;

	if (place->depth == 0 && push(place, 0, err) < 0)
		return -1;
	while (!is_below(place, path))
		pop(place);
	level = &place->levels[place->depth - 1];
	if (level->length + (level->length > 0) != (size_t)(name - path))
		return error_set(err, EPROTO,
				 "'%s' does not follow its "
				 "directory",
				 path);
	if (check_order(level, path, name, err) < 0)
		return -1;
	memcpy(level->last, name, strlen(name) + 1);
	if (is_hidden(level, name))
		return error_set(err, EPROTO,
				 "'%.*s" WHITEOUT_PREFIX "%s' "
				 "hides '%s' of the same layer",
				 (int)(name - path), path, name, path);
	if (whiteout_classify(name, &deleted) == WHITEOUT_NAME &&
	    keep_hidden(place, deleted, limit, err) < 0)
		return -1;
	if (!directory)
		return 0;
	memcpy(place->path, path, strlen(path) + 1);
	return push(place, strlen(path), err);
}

void place_release(struct place *place)
{
	while (place->depth > 0)
		pop(place);
	free(place->levels);
	*place = (struct place){ 0 };
}
