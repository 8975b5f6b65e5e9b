/* SPDX-License-Identifier: MIT */
/* assignment.c - see assignment.h */
#include "host/run/assignment.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/vm/partitions.h"

static void add_extent(struct assignment *assignment, const char *path,
		       uint64_t offset, uint64_t size)
{
	assignment->extents[assignment->extent_count++] =
		(struct layers_disk_extent){
			.path = path,
			.offset = offset,
			.size = size,
		};
}

static int add_layer(struct assignment *assignment,
		     const struct image_layer *from,
		     const struct layering_layer *decided)
{
	struct message_layer *to =
		&assignment->plan.layers[assignment->plan.layer_count++];

	if (decided->way == LAYERING_MOUNT) {
		to->kind = KIND_SQUASHFS;
		to->partition = (unsigned)decided->file + 1;
		to->place = decided->place;
		to->root_implied = decided->record->root_implied;
		to->opaque_root = decided->record->opaque_root;
		to->whiteouts = decided->record->whiteouts;
	} else if (decided->way == LAYERING_UNPACK && from->size > 0) {
		to->size = from->size;
		add_extent(assignment, from->path, from->offset, from->size);
	}
	to->name = strdup(from->name);
	if (asprintf(&to->diff_id, "sha256:%s", from->diff_id.hex) < 0)
		to->diff_id = NULL;
	return to->name && to->diff_id ? 0 : -1;
}

/* The table of the partitions, if there are any, and its copy. */
#define TABLES 2

static void add_input(struct assignment *assignment, const char *name,
		      const struct handover_input *input)
{
	struct message_input *to =
		&assignment->plan.inputs[assignment->plan.input_count++];

	(void)snprintf(to->name, sizeof(to->name), "%s", name);
	to->file = input->file;
	to->partition = (unsigned)++assignment->partitions;
	add_extent(assignment, input->path, 0, input->size);
}

static int add_layers(struct assignment *assignment, const struct plan *plan,
		      const struct image *image,
		      const struct layering *layering,
		      const struct handover *handover)
{
	size_t count = image->layer_count;
	bool table = layering->file_count + handover->input_count > 0;

	assignment->plan.layers =
		calloc(count + 1, sizeof(*assignment->plan.layers));
	assignment->extents = calloc(count + layering->file_count +
					     handover->input_count + TABLES,
				     sizeof(*assignment->extents));
	if (!assignment->plan.layers || !assignment->extents)
		return -1;
	assignment->partitions = layering->file_count;
	if (table)
		add_extent(assignment, PARTITIONS_FILE, 0, PARTITIONS_START);
	for (size_t i = 0; i < layering->file_count; i++)
		add_extent(assignment, layering->files[i].path, 0,
			   layering->files[i].record.size);
	for (size_t i = 0; i < handover->input_count; i++)
		add_input(assignment, plan->inputs[i].name,
			  &handover->inputs[i]);
	for (size_t i = 0; i < count; i++)
		if (add_layer(assignment, &image->layers[i],
			      &layering->layers[i]) < 0)
			return -1;
	if (table)
		add_extent(assignment, PARTITIONS_COPY, 0, PARTITIONS_END);
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
	assignment->plan.env =
		calloc(plan->env_count + plan->proxy_count + 3, sizeof(char *));
	if (!assignment->plan.env ||
	    add_variable(assignment, "name=%s", plan->name) < 0 ||
	    (plan->has_clamp &&
	     add_variable(assignment, "SOURCE_DATE_EPOCH=%" PRId64,
			  plan->clamp) < 0))
		return -1;
	for (size_t i = 0; i < plan->proxy_count; i++)
		if (add_variable(assignment, "%s", plan->proxies[i]) < 0)
			return -1;
	for (size_t i = 0; i < plan->env_count; i++)
		if (add_variable(assignment, "%s", plan->env[i]) < 0)
			return -1;
	return 0;
}

static int add_strings(struct message_strings *to, char *const *from,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (message_strings_add(to, from[i]) < 0)
			return -1;
	return 0;
}

/* What Docker has where the config is silent. */
static char *const default_shell[] = { (char *)"/bin/sh", (char *)"-c" };

/* The image's variables, and over them those of the run. */
static int add_command_env(struct message_strings *env, const struct plan *plan,
			   const struct image_config *config)
{
	autofree char *epoch = NULL;

	if (add_strings(env, config->env.item, config->env.count) < 0)
		return -1;
	if (plan->has_clamp) {
		if (asprintf(&epoch, "SOURCE_DATE_EPOCH=%" PRId64,
			     plan->clamp) < 0) {
			epoch = NULL;
			return -1;
		}
		if (message_strings_add(env, epoch) < 0)
			return -1;
	}
	if (add_strings(env, plan->proxies, plan->proxy_count) < 0)
		return -1;
	return add_strings(env, plan->env, plan->env_count);
}

static char *copy_or(const char *text, const char *otherwise)
{
	return strdup(text && *text ? text : otherwise);
}

static int add_secrets(struct assignment *assignment, const struct plan *plan)
{
	for (size_t i = 0; i < plan->secret_count; i++)
		if (message_strings_add(&assignment->plan.secrets,
					plan->secrets[i].name) < 0)
			return -1;
	return 0;
}

static int add_commands(struct assignment *assignment, const struct plan *plan,
			const struct image_config *config)
{
	struct message_commands *commands = &assignment->plan.commands;
	bool silent = config->shell.count == 0;

	if (plan->run_count == 0)
		return 0;
	if (add_strings(&commands->lines, plan->run, plan->run_count) < 0 ||
	    add_strings(&commands->shell,
			silent ? default_shell : config->shell.item,
			silent ? COUNT_OF(default_shell)
			       : config->shell.count) < 0 ||
	    add_command_env(&commands->env, plan, config) < 0)
		return -1;
	commands->user = copy_or(config->user, "");
	commands->directory = copy_or(config->working_dir, "/");
	commands->layer_each = plan->layer_per_run;
	return commands->user && commands->directory ? 0 : -1;
}

int assignment_make(struct assignment *assignment, const struct plan *plan,
		    const struct image *image, const struct layering *layering,
		    const struct handover *handover, struct error *err)
{
	AUTO(assignment) made = { 0 };

	if (add_layers(&made, plan, image, layering, handover) < 0 ||
	    add_secrets(&made, plan) < 0 || add_hooks(&made, plan) < 0 ||
	    add_env(&made, plan) < 0 ||
	    add_commands(&made, plan, &image->config) < 0)
		return error_set(err, ENOMEM, "out of memory");
	made.plan.verify = plan->verify;
	made.plan.network = plan->network == PLAN_NETWORK_USER;
	made.plan.out = plan->out != NULL;
	made.plan.keep = plan->keep_failed != NULL;
	made.plan.has_clamp = plan->has_clamp;
	made.plan.clamp = plan->clamp;

	*assignment = made;
	made = (struct assignment){ 0 };
	return 0;
}

/* What stands on the disk between the partitions and the copy of the table. */
static uint64_t rest_size(const struct assignment *assignment)
{
	uint64_t size = 0;

	for (size_t i = assignment->partitions + 1;
	     i + 1 < assignment->extent_count; i++)
		size += (assignment->extents[i].size + LAYERS_DISK_SECTOR - 1) /
			LAYERS_DISK_SECTOR * LAYERS_DISK_SECTOR;
	return size;
}

static int write_table(const struct assignment *assignment, int dir,
		       struct error *err)
{
	uint64_t sizes[PARTITIONS_MAX];

	for (size_t i = 0; i < assignment->partitions; i++)
		sizes[i] = assignment->extents[i + 1].size;
	return partitions_write(dir, sizes, assignment->partitions,
				rest_size(assignment), err);
}

/* The extents have their place on the disk: say it in the message. */
static void place(struct assignment *assignment)
{
	size_t extent = assignment->partitions ? assignment->partitions + 1 : 0;

	for (size_t i = 0; i < assignment->plan.layer_count; i++)
		if (assignment->plan.layers[i].size > 0)
			assignment->plan.layers[i].offset =
				assignment->extents[extent++].where;
}

int assignment_write_disk(struct assignment *assignment, int dir,
			  const char *name, struct error *err)
{
	if (assignment->extent_count == 0)
		return 0;
	if (assignment->partitions > 0 && write_table(assignment, dir, err) < 0)
		return error_prefix(err, "the layers disk");
	if (layers_disk_create(dir, name, assignment->extents,
			       assignment->extent_count, err) < 0)
		return -1;
	place(assignment);
	return 0;
}

void assignment_release(struct assignment *assignment)
{
	message_plan_release(&assignment->plan);
	free(assignment->extents);
	*assignment = (struct assignment){ 0 };
}
