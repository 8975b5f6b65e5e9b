/* SPDX-License-Identifier: MIT */
/* message_plan.c - see message.h: a PLAN becomes a struct */
#include "guest/shared/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/json.h"
#include "guest/shared/message_object.h"

#define NAME_BYTES_MAX 4096 /* bytes, names of layers */

/* Numbers from 1 on. */
static int read_number(struct json_object *object, const char *name,
		       unsigned max, unsigned *number, struct error *err)
{
	uint64_t read;

	if (json_get_uint(object, name, max, &read, err) < 0)
		return -1;
	if (read == 0)
		return error_set(err, EPROTO, "field '%s' is 0", name);
	*number = (unsigned)read;
	return 0;
}

static int read_squashfs(struct message_layer *layer,
			 struct json_object *object, struct error *err)
{
	layer->kind = KIND_SQUASHFS;
	if (read_number(object, "partition", MESSAGE_PARTITIONS_MAX,
			&layer->partition, err) < 0 ||
	    read_number(object, "place", MESSAGE_LAYERS_MAX, &layer->place,
			err) < 0 ||
	    json_get_bool(object, "rootImplied", &layer->root_implied, err) <
		    0 ||
	    json_get_bool(object, "opaqueRoot", &layer->opaque_root, err) < 0)
		return -1;
	return json_get_bool(object, "whiteouts", &layer->whiteouts, err);
}

static int read_tar(struct message_layer *layer, struct json_object *object,
		    struct error *err)
{
	layer->kind = KIND_TAR;
	if (json_get_uint(object, "offset", INT64_MAX, &layer->offset, err) < 0)
		return -1;
	return json_get_uint(object, "size", INT64_MAX, &layer->size, err);
}

static int read_place(struct message_layer *layer, struct json_object *object,
		      struct error *err)
{
	const char *kind;

	if (json_get_string(object, "kind", FRAME_MESSAGE_MAX, &kind, err) < 0)
		return -1;
	if (strcmp(kind, "tar") == 0)
		return read_tar(layer, object, err);
	if (strcmp(kind, "squashfs") == 0)
		return read_squashfs(layer, object, err);
	return error_set(err, EPROTO, "field 'kind' is '%s', no kind", kind);
}

static int read_layer(struct message_layer *layer, struct json_object *object,
		      struct error *err)
{
	const char *name;
	const char *diff_id;

	if (json_get_string(object, "name", NAME_BYTES_MAX, &name, err) < 0 ||
	    json_get_string(object, "diffId", NAME_BYTES_MAX, &diff_id, err) <
		    0 ||
	    read_place(layer, object, err) < 0)
		return -1;
	layer->name = strdup(name);
	layer->diff_id = strdup(diff_id);
	if (!layer->name || !layer->diff_id)
		return error_set(err, ENOMEM, "out of memory");
	return 0;
}

static int read_layers(struct message_plan *plan, struct json_object *object,
		       struct error *err)
{
	struct json_object *array;
	size_t count;

	if (json_get_array(object, "layers", MESSAGE_LAYERS_MAX, &array, err) <
	    0)
		return -1;
	count = json_object_array_length(array);
	plan->layers = calloc(count + 1, sizeof(*plan->layers));
	if (!plan->layers)
		return error_set(err, ENOMEM, "out of memory");
	for (; plan->layer_count < count; plan->layer_count++)
		if (read_layer(&plan->layers[plan->layer_count],
			       json_object_array_get_idx(array,
							 plan->layer_count),
			       err) < 0) {
			plan->layer_count++; /* what it has is released */
			return error_prefix(err, "layer %zu",
					    plan->layer_count);
		}
	return 0;
}

static int read_hooks(struct message_plan *plan, struct json_object *object,
		      struct error *err)
{
	struct json_object *hooks;

	if (!json_object_object_get_ex(object, "hooks", &hooks) ||
	    !json_object_is_type(hooks, json_type_object))
		return error_set(err, EPROTO,
				 "field 'hooks' is missing or no object");
	for (size_t i = 0; i < HOOK_COUNT; i++) {
		struct message_text *hook = &plan->hooks[i];
		const char *text;

		if (!json_has(hooks, message_hook_name((enum message_hook)i)))
			continue;
		if (json_get_string(hooks,
				    message_hook_name((enum message_hook)i),
				    FRAME_MESSAGE_MAX, &text, err) < 0)
			return -1;
		hook->text = strdup(text);
		if (!hook->text)
			return error_set(err, ENOMEM, "out of memory");
		hook->length = strlen(text);
	}
	return 0;
}

static int read_env(struct message_plan *plan, struct json_object *object,
		    struct error *err)
{
	struct message_strings env = { 0 };
	int status =
		message_strings_read(&env, object, "env", MESSAGE_ENV_MAX, err);

	plan->env = env.item;
	plan->env_count = env.count;
	return status;
}

/* It becomes a path. */
static int check_name(const char *name, struct error *err)
{
	if (*name && *name != '.' && strlen(name) <= MESSAGE_GIVEN_NAME_MAX &&
	    !strchr(name, '/'))
		return 0;
	return error_set(err, EPROTO, "'%s' is no name of a file", name);
}

static int read_input(struct message_input *input, struct json_object *object,
		      struct error *err)
{
	const char *name;

	if (json_get_string(object, "name", MESSAGE_GIVEN_NAME_MAX, &name,
			    err) < 0 ||
	    check_name(name, err) < 0 ||
	    read_number(object, "partition", MESSAGE_PARTITIONS_ALL,
			&input->partition, err) < 0)
		return -1;
	(void)strcpy(input->name, name);
	return json_get_bool(object, "file", &input->file, err);
}

static int read_inputs(struct message_plan *plan, struct json_object *object,
		       struct error *err)
{
	struct json_object *array;
	size_t count;

	if (!json_has(object, "inputs"))
		return 0;
	if (json_get_array(object, "inputs", MESSAGE_INPUTS_MAX, &array, err) <
	    0)
		return -1;
	count = json_object_array_length(array);
	for (size_t i = 0; i < count; i++)
		if (read_input(&plan->inputs[plan->input_count++],
			       json_object_array_get_idx(array, i), err) < 0)
			return error_prefix(err, "input %zu", i + 1);
	return 0;
}

static int read_secrets(struct message_plan *plan, struct json_object *object,
			struct error *err)
{
	if (!json_has(object, "secrets"))
		return 0;
	if (message_strings_read(&plan->secrets, object, "secrets",
				 MESSAGE_SECRETS_MAX, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->secrets.count; i++)
		if (check_name(plan->secrets.item[i], err) < 0)
			return error_prefix(err, "secret %zu", i + 1);
	return 0;
}

int message_read_plan(struct message_plan *plan, const struct frame *frame,
		      struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);
	AUTO(message_plan) read = { 0 };

	if (!object)
		return -1;
	read.has_clamp = json_has(object, "clampMtime");
	read.verify = json_has(object, "verify");
	read.network = json_has(object, "network");
	read.out = json_has(object, "out");
	read.keep = json_has(object, "keep");
	if (read_layers(&read, object, err) < 0 ||
	    read_hooks(&read, object, err) < 0 ||
	    read_env(&read, object, err) < 0 ||
	    message_commands_read(&read.commands, object, err) < 0 ||
	    read_inputs(&read, object, err) < 0 ||
	    read_secrets(&read, object, err) < 0 ||
	    (read.has_clamp && json_get_int(object, "clampMtime", 0, INT64_MAX,
					    &read.clamp, err) < 0))
		return message_named(frame, -1, err);

	*plan = read;
	read = (struct message_plan){ 0 }; /* now *plan's */
	return 0;
}

void message_plan_release(struct message_plan *plan)
{
	for (size_t i = 0; i < plan->layer_count; i++) {
		free(plan->layers[i].name);
		free(plan->layers[i].diff_id);
	}
	for (size_t i = 0; i < HOOK_COUNT; i++)
		free(plan->hooks[i].text);
	for (size_t i = 0; i < plan->env_count; i++)
		free(plan->env[i]);
	free(plan->layers);
	free(plan->env);
	message_commands_release(&plan->commands);
	message_strings_release(&plan->secrets);
	*plan = (struct message_plan){ 0 };
}
