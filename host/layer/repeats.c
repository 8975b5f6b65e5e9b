/* SPDX-License-Identifier: MIT */
/* repeats.c - see repeats.h */
#include "host/layer/repeats.h"

#include <errno.h>
#include <search.h>
#include <string.h>

struct repeat {
	size_t left; /* times that are still to be passed over */
	char path[];
};

static int compare(const void *a, const void *b)
{
	const struct repeat *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static struct repeat *new_repeat(const char *path)
{
	size_t size = strlen(path) + 1;
	struct repeat *repeat = malloc(sizeof(*repeat) + size);

	if (repeat) {
		repeat->left = 0;
		memcpy(repeat->path, path, size);
	}
	return repeat;
}

int repeats_note(struct repeats *repeats, const char *path, struct error *err)
{
	autofree struct repeat *key = new_repeat(path);
	struct repeat **found;

	if (repeats->count == REPEATS_MAX)
		return error_set(err, E2BIG, "more than %d entries come twice",
				 REPEATS_MAX);
	found = key ? tsearch(key, &repeats->tree, compare) : NULL;
	if (!found)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (*found == key)
		key = NULL; /* now the tree's */
	(*found)->left++;
	repeats->count++;
	return 0;
}

bool repeats_pass(struct repeats *repeats, const char *path)
{
	autofree struct repeat *key = NULL;
	struct repeat **found;

	if (!repeats->tree)
		return false;
	key = new_repeat(path);
	found = key ? tfind(key, &repeats->tree, compare) : NULL;
	if (!found || (*found)->left == 0)
		return false;
	(*found)->left--;
	return true;
}

struct visit {
	void (*each)(const char *path, uint32_t times, void *context);
	void *context;
};

static void visit(const void *node, VISIT order, void *closure)
{
	const struct repeat *repeat = *(const struct repeat *const *)node;
	const struct visit *visit = closure;

	if (order == postorder || order == leaf)
		visit->each(repeat->path, (uint32_t)repeat->left,
			    visit->context);
}

void repeats_each(const struct repeats *repeats,
		  void (*each)(const char *path, uint32_t times, void *context),
		  void *context)
{
	struct visit closure = { each, context };

	twalk_r(repeats->tree, visit, &closure);
}

void repeats_release(struct repeats *repeats)
{
	tdestroy(repeats->tree, free);
	*repeats = (struct repeats){ 0 };
}
