/* SPDX-License-Identifier: MIT */
/* assignment.c - see assignment.h */
#include "host/run/assignment.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add_layers(struct assignment *assignment, const struct image *image)
{
	size_t count = image->layer_count;

	assignment->plan.layers =
		calloc(count + 1, sizeof(*assignment->plan.layers));
	assignment->extents = calloc(count + 1, sizeof(*assignment->extents));
	if (!assignment->plan.layers || !assignment->extents)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct image_layer *from = &image->layers[i];
		struct message_layer *to = &assignment->plan.layers[i];

		to->size = from->size;
		to->name = strdup(from->name);
		if (asprintf(&to->diff_id, "sha256:%s", from->diff_id.hex) < 0)
			to->diff_id = NULL;
		assignment->plan.layer_count++;
		if (!to->name || !to->diff_id)
			return -1;
		if (from->size > 0)
			assignment->extents[assignment->extent_count++] =
				(struct layers_disk_extent){
					.path = from->path,
					.offset = from->offset,
					.size = from->size,
				};
	}
	return 0;
}

static int add_hooks(struct assignment *assignment, const struct plan *plan)
{
	for (size_t i = 0; i < HOOK_COUNT; i++) {
		const struct message_text *from = &plan->hooks[i];

		if (!from->text)
			continue;
		assignment->plan.hooks[i].text = strdup(from->text);
		if (!assignment->plan.hooks[i].text)
			return -1;
		assignment->plan.hooks[i].length = from->length;
	}
	return 0;
}

static int add_variable(struct assignment *assignment, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

static int add_variable(struct assignment *assignment, const char *fmt, ...)
{
	char *variable = NULL;
	va_list args;
	int made;

	va_start(args, fmt);
	made = vasprintf(&variable, fmt, args);
	va_end(args);
	if (made < 0)
		return -1;
	assignment->plan.env[assignment->plan.env_count++] = variable;
	return 0;
}

/* As the original's derivation had it, then what was asked for. */
static int add_env(struct assignment *assignment, const struct plan *plan)
{
	assignment->plan.env = calloc(plan->env_count + 3, sizeof(char *));
	if (!assignment->plan.env ||
	    add_variable(assignment, "name=%s", plan->name) < 0 ||
	    (plan->has_clamp &&
	     add_variable(assignment, "SOURCE_DATE_EPOCH=%" PRId64,
			  plan->clamp) < 0))
		return -1;
	for (size_t i = 0; i < plan->env_count; i++)
		if (add_variable(assignment, "%s", plan->env[i]) < 0)
			return -1;
	return 0;
}

int assignment_make(struct assignment *assignment, const struct plan *plan,
		    const struct image *image, struct error *err)
{
	AUTO(assignment) made = { 0 };

	if (add_layers(&made, image) < 0 || add_hooks(&made, plan) < 0 ||
	    add_env(&made, plan) < 0)
		return error_set(err, ENOMEM, "out of memory");
	made.plan.has_clamp = plan->has_clamp;
	made.plan.clamp = plan->clamp;

	*assignment = made;
	made = (struct assignment){ 0 };
	return 0;
}

void assignment_place(struct assignment *assignment)
{
	size_t extent = 0;

	for (size_t i = 0; i < assignment->plan.layer_count; i++)
		if (assignment->plan.layers[i].size > 0)
			assignment->plan.layers[i].offset =
				assignment->extents[extent++].where;
}

void assignment_release(struct assignment *assignment)
{
	message_plan_release(&assignment->plan);
	free(assignment->extents);
	*assignment = (struct assignment){ 0 };
}
