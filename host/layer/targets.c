/* SPDX-License-Identifier: MIT */
/* targets.c - see targets.h */
#include "host/layer/targets.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static int grow(struct targets *targets)
{
	size_t room = targets->room ? targets->room * 2 : 64;
	struct target *list;

	if (targets->count < targets->room)
		return 0;
	list = realloc(targets->list, room * sizeof(*list));
	if (!list)
		return -1;
	targets->list = list;
	targets->room = room;
	return 0;
}

int targets_add(struct targets *targets, const char *target, const char *path,
		uint64_t entry, uint64_t limit, struct error *err)
{
	size_t target_size = strlen(target) + 1, path_size = strlen(path) + 1;
	size_t bytes = target_size + path_size + sizeof(struct target);
	char *both;

	if (targets->bytes + bytes > limit)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " bytes of "
				 "hard links",
				 limit);
	if (grow(targets) < 0)
		return error_errno(err, "keep a hard link");
	both = malloc(target_size + path_size);
	if (!both)
		return error_errno(err, "keep a hard link");
	memcpy(both, target, target_size);
	memcpy(both + target_size, path, path_size);
	targets->list[targets->count++] =
		(struct target){ .path = both, .entry = entry };
	targets->bytes += bytes;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order != 0)
		return order;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

void targets_sort(struct targets *targets)
{
	size_t kept = 0;

	if (targets->count == 0)
		return;
	qsort(targets->list, targets->count, sizeof(*targets->list), compare);
	for (size_t i = 1; i < targets->count; i++) {
		struct target *last = &targets->list[kept];

		if (strcmp(last->path, targets->list[i].path) == 0)
			free(targets->list[i].path);
		else
			targets->list[++kept] = targets->list[i];
	}
	targets->count = kept + 1;
}

static int compare_path(const void *path, const void *target)
{
	return strcmp(path, ((const struct target *)target)->path);
}

void targets_meet(struct targets *targets, const char *path, uint64_t entry)
{
	struct target *found = NULL;

	if (targets->count > 0)
		found = bsearch(path, targets->list, targets->count,
				sizeof(*targets->list), compare_path);
	if (found && entry < found->entry)
		found->met = true;
}

int targets_check(const struct targets *targets, struct error *err)
{
	for (size_t i = 0; i < targets->count; i++) {
		const char *path = targets->list[i].path;

		if (!targets->list[i].met)
			return error_set(err, EPROTO,
					 "hard link '%s': no file "
					 "'%s' came before it",
					 path + strlen(path) + 1, path);
	}
	return 0;
}

void targets_release(struct targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		free(targets->list[i].path);
	free(targets->list);
	*targets = (struct targets){ 0 };
}
