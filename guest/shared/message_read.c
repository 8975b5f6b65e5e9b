/* SPDX-License-Identifier: MIT */
/* message_read.c - see message.h: a frame becomes a struct */
#include "guest/shared/message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/json.h"

#define NAME_BYTES_MAX 4096 /* bytes, names of layers */
#define ENTROPY_DIGITS (2 * MESSAGE_ENTROPY)

static struct json_object *read_object(const struct frame *frame,
				       struct error *err)
{
	struct json_object *object =
		json_parse(frame->payload, frame->length, MESSAGE_DEPTH, err);

	if (object && !json_object_is_type(object, json_type_object)) {
		json_object_put(object);
		object = NULL;
		error_set(err, EPROTO, "not a JSON object");
	}
	if (!object)
		error_prefix(err, "%s message", frame_type_name(frame->type));
	return object;
}

/* Every reader ends here, so that each failure names its message. */
static int named(const struct frame *frame, int status, struct error *err)
{
	if (status < 0)
		return error_prefix(err, "%s message",
				    frame_type_name(frame->type));
	return 0;
}

static int copy_string(struct json_object *object, const char *name, char *out,
		       size_t size, struct error *err)
{
	const char *text;

	if (json_get_string(object, name, FRAME_MESSAGE_MAX, &text, err) < 0)
		return -1;
	(void)snprintf(out, size, "%s", text);
	return 0;
}

int message_read_hello(struct message_hello *hello, const struct frame *frame,
		       struct error *err)
{
	autojson struct json_object *object = read_object(frame, err);
	struct message_hello read = { 0 };
	uint64_t version;

	if (!object)
		return -1;
	if (json_get_uint(object, "version", UINT16_MAX, &version, err) < 0 ||
	    copy_string(object, "kernel", read.kernel, sizeof(read.kernel),
			err) < 0)
		return named(frame, -1, err);
	read.version = (unsigned)version;
	*hello = read;
	return 0;
}

static int read_entropy(uint8_t out[MESSAGE_ENTROPY], const char *digits,
			struct error *err)
{
	if (strlen(digits) != ENTROPY_DIGITS ||
	    strspn(digits, "0123456789abcdef") != ENTROPY_DIGITS)
		return error_set(err, EPROTO,
				 "field 'entropy' is not %d hex digits",
				 ENTROPY_DIGITS);
	for (size_t i = 0; i < MESSAGE_ENTROPY; i++) {
		char byte[3] = { digits[2 * i], digits[2 * i + 1], '\0' };

		out[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return 0;
}

int message_read_seed(struct message_seed *seed, const struct frame *frame,
		      struct error *err)
{
	autojson struct json_object *object = read_object(frame, err);
	struct message_seed read = { 0 };
	const char *digits;

	if (!object)
		return -1;
	if (json_get_string(object, "entropy", FRAME_MESSAGE_MAX, &digits,
			    err) < 0 ||
	    read_entropy(read.entropy, digits, err) < 0 ||
	    json_get_int(object, "timeNs", 0, INT64_MAX, &read.time_ns, err) <
		    0)
		return named(frame, -1, err);
	*seed = read;
	return 0;
}

static int read_layer(struct message_layer *layer, struct json_object *object,
		      struct error *err)
{
	const char *name;
	const char *diff_id;

	if (json_get_uint(object, "offset", INT64_MAX, &layer->offset, err) <
		    0 ||
	    json_get_uint(object, "size", INT64_MAX, &layer->size, err) < 0 ||
	    json_get_string(object, "name", NAME_BYTES_MAX, &name, err) < 0 ||
	    json_get_string(object, "diffId", NAME_BYTES_MAX, &diff_id, err) <
		    0)
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
	struct json_object *array;
	size_t count;

	if (json_get_array(object, "env", MESSAGE_ENV_MAX, &array, err) < 0)
		return -1;
	count = json_object_array_length(array);
	plan->env = calloc(count + 1, sizeof(*plan->env));
	if (!plan->env)
		return error_set(err, ENOMEM, "out of memory");
	for (; plan->env_count < count; plan->env_count++) {
		struct json_object *text =
			json_object_array_get_idx(array, plan->env_count);

		if (!json_object_is_type(text, json_type_string))
			return error_set(err, EPROTO,
					 "field 'env' has an element that is "
					 "no string");
		plan->env[plan->env_count] =
			strdup(json_object_get_string(text));
		if (!plan->env[plan->env_count])
			return error_set(err, ENOMEM, "out of memory");
	}
	return 0;
}

int message_read_plan(struct message_plan *plan, const struct frame *frame,
		      struct error *err)
{
	autojson struct json_object *object = read_object(frame, err);
	AUTO(message_plan) read = { 0 };
	uint64_t scratch;

	if (!object)
		return -1;
	read.has_clamp = json_has(object, "clampMtime");
	if (json_get_uint(object, "scratch", SCRATCH_FORMATTED, &scratch, err) <
		    0 ||
	    read_layers(&read, object, err) < 0 ||
	    read_hooks(&read, object, err) < 0 ||
	    read_env(&read, object, err) < 0 ||
	    (read.has_clamp && json_get_int(object, "clampMtime", 0, INT64_MAX,
					    &read.clamp, err) < 0))
		return named(frame, -1, err);

	read.scratch = (enum message_scratch)scratch;
	*plan = read;
	read = (struct message_plan){ 0 }; /* now *plan's */
	return 0;
}

static int read_text(char *out, size_t size, const char *field,
		     const struct frame *frame, struct error *err)
{
	autojson struct json_object *object = read_object(frame, err);

	if (!object)
		return -1;
	return named(frame, copy_string(object, field, out, size, err), err);
}

int message_read_step(char *name, size_t size, const struct frame *frame,
		      struct error *err)
{
	return read_text(name, size, "name", frame, err);
}

int message_read_note(char *text, size_t size, const struct frame *frame,
		      struct error *err)
{
	return read_text(text, size, "text", frame, err);
}

static int read_hook_name(enum message_hook *hook, struct json_object *object,
			  struct error *err)
{
	const char *name;

	if (json_get_string(object, "hook", FRAME_MESSAGE_MAX, &name, err) < 0)
		return -1;
	for (size_t i = 0; i < HOOK_COUNT; i++)
		if (strcmp(name, message_hook_name((enum message_hook)i)) ==
		    0) {
			*hook = (enum message_hook)i;
			return 0;
		}
	return error_set(err, EPROTO, "field 'hook' is '%s', no hook", name);
}

int message_read_hook(struct message_hook_result *result,
		      const struct frame *frame, struct error *err)
{
	autojson struct json_object *object = read_object(frame, err);
	struct message_hook_result read = { 0 };
	uint64_t status;
	uint64_t signal;

	if (!object)
		return -1;
	if (read_hook_name(&read.hook, object, err) < 0 ||
	    json_get_uint(object, "status", 255, &status, err) < 0 ||
	    json_get_uint(object, "signal", 127, &signal, err) < 0 ||
	    json_get_bool(object, "oomKilled", &read.oom_killed, err) < 0 ||
	    json_get_bool(object, "diskFull", &read.disk_full, err) < 0 ||
	    json_get_bool(object, "tmpFull", &read.tmp_full, err) < 0)
		return named(frame, -1, err);
	read.status = (int)status;
	read.signal = (int)signal;
	*result = read;
	return 0;
}

int message_read_end(struct message_end *end, const struct frame *frame,
		     struct error *err)
{
	autojson struct json_object *object = read_object(frame, err);
	struct message_end read = { 0 };
	const char *digits;

	if (!object)
		return -1;
	if (json_get_uint(object, "size", INT64_MAX, &read.size, err) < 0 ||
	    json_get_uint(object, "entries", INT64_MAX, &read.entries, err) <
		    0 ||
	    json_get_string(object, "xxh64", 16, &digits, err) < 0)
		return named(frame, -1, err);
	read.xxh64 = strtoull(digits, NULL, 16);
	*end = read;
	return 0;
}

int message_read_fail(struct message_fail *fail, const struct frame *frame,
		      struct error *err)
{
	autojson struct json_object *object = read_object(frame, err);
	struct message_fail read = { 0 };
	const char *name;

	if (!object)
		return -1;
	if (copy_string(object, "step", read.step, sizeof(read.step), err) <
		    0 ||
	    json_get_string(object, "errno", FRAME_MESSAGE_MAX, &name, err) <
		    0 ||
	    copy_string(object, "message", read.message, sizeof(read.message),
			err) < 0)
		return named(frame, -1, err);
	read.code = error_code(name);
	*fail = read;
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
	*plan = (struct message_plan){ 0 };
}
