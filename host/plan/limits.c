/* SPDX-License-Identifier: MIT */
/* limits.c - see limits.h */
#include "host/plan/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/plan/size.h"

const struct limit limit_table[] = {
	{ "log", offsetof(struct limits, log), LIMIT_LOG, LIMIT_MIB, 0 },
	{ "layer-size", offsetof(struct limits, layer_size), LIMIT_LAYER_SIZE,
	  LIMIT_MIB, 1 },
	{ "layer-entries", offsetof(struct limits, layer_entries),
	  LIMIT_LAYER_ENTRIES, LIMIT_COUNT, 1 },
	{ "hook-time", offsetof(struct limits, hook_time), 0, LIMIT_SECONDS,
	  0 },
	{ "hook-silence", offsetof(struct limits, hook_silence), 0,
	  LIMIT_SECONDS, 0 },
	{ "guest-silence", offsetof(struct limits, guest_silence),
	  LIMIT_GUEST_SILENCE, LIMIT_SECONDS, 0 },
};
const size_t limit_count = COUNT_OF(limit_table);

static uint64_t *field_of(struct limits *limits, const struct limit *limit)
{
	return (uint64_t *)(void *)((char *)limits + limit->field);
}

uint64_t limit_get(const struct limits *limits, const struct limit *limit)
{
	struct limits copy = *limits;

	return *field_of(&copy, limit);
}

static const struct limit *find(const char *item)
{
	size_t length = strcspn(item, "=");

	for (size_t i = 0; i < limit_count; i++)
		if (item[length] == '=' &&
		    strlen(limit_table[i].name) == length &&
		    memcmp(limit_table[i].name, item, length) == 0)
			return &limit_table[i];
	return NULL;
}

static int not_known(const char *item, struct error *err)
{
	char names[128] = "";

	for (size_t i = 0; i < limit_count; i++) {
		(void)strncat(names, i ? ", " : "",
			      sizeof(names) - strlen(names) - 1);
		(void)strncat(names, limit_table[i].name,
			      sizeof(names) - strlen(names) - 1);
	}
	return error_set(err, EINVAL,
			 "--limit '%s' is not NAME=VALUE with a name of: %s",
			 item, names);
}

static int parse_value(struct limits *limits, const struct limit *limit,
		       const char *value, struct error *err)
{
	uint64_t *field = field_of(limits, limit);
	char what[64];

	(void)snprintf(what, sizeof(what), "--limit %s", limit->name);
	if (limit->unit == LIMIT_SECONDS)
		return number_parse(value, what, 0, LIMIT_SECONDS_MAX, field,
				    err);
	if (limit->unit == LIMIT_COUNT)
		return number_parse(value, what, 1, limit->fallback, field,
				    err);
	if (size_parse(value, what, field, err) < 0)
		return -1;
	if (limit->capped && *field > limit->fallback)
		return error_set(err, EINVAL,
				 "%s '%s' is more than the %" PRIu64
				 " MiB that there may be",
				 what, value, limit->fallback);
	return 0;
}

int limits_parse(struct limits *limits, char *const *items, size_t count,
		 struct error *err)
{
	for (size_t i = 0; i < limit_count; i++)
		*field_of(limits, &limit_table[i]) = limit_table[i].fallback;
	for (size_t i = 0; i < count; i++) {
		const struct limit *limit = find(items[i]);

		if (!limit)
			return not_known(items[i], err);
		if (parse_value(limits, limit, strchr(items[i], '=') + 1, err) <
		    0)
			return -1;
	}
	return 0;
}
