/* SPDX-License-Identifier: MIT */
/* message_send.c - see message.h: a struct becomes a frame */
#include "guest/shared/message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"

#define ENTROPY_DIGITS (2 * MESSAGE_ENTROPY)

static const char *const hook_names[] = {
	[HOOK_PRE_MOUNT] = "preMount",
	[HOOK_POST_MOUNT] = "postMount",
	[HOOK_POST_UMOUNT] = "postUmount",
	[HOOK_RUN] = "run",
};

const char *message_hook_name(enum message_hook hook)
{
	return hook_names[hook];
}

const char *message_lack_name(enum message_lack lack)
{
	static const char *const names[] = {
		[LACK_NOTHING] = "nothing",
		[LACK_ROOM] = "room",
		[LACK_INODES] = "inodes",
		[LACK_TMP] = "tmp",
	};

	return names[lack];
}

/* Sends the object and puts it back; adds that failed show as a short text. */
static int send_object(int fd, enum frame_type type, struct json_object *object,
		       struct error *err)
{
	size_t length = 0;
	const char *text = json_write(object,
				      JSON_C_TO_STRING_PLAIN |
					      JSON_C_TO_STRING_NOSLASHESCAPE,
				      &length);
	int status = text ? frame_send(fd, type, text, length, err)
			  : error_set(err, ENOMEM, "send %s: out of memory",
				      frame_type_name(type));

	json_object_put(object);
	return status;
}

static void add_string(struct json_object *object, const char *name,
		       const char *text)
{
	json_add(object, name, json_make_string(text));
}

static void add_uint(struct json_object *object, const char *name,
		     uint64_t number)
{
	json_add(object, name, json_make_uint(number));
}

int message_send_hello(int fd, const struct message_hello *hello,
		       struct error *err)
{
	struct json_object *object = json_make_object();

	add_uint(object, "version", hello->version);
	add_string(object, "kernel", hello->kernel);
	return send_object(fd, FRAME_HELLO, object, err);
}

int message_send_prepare(int fd, const struct message_prepare *prepare,
			 struct error *err)
{
	struct json_object *object = json_make_object();

	add_uint(object, "scratch", prepare->scratch);
	add_uint(object, "size", prepare->size);
	return send_object(fd, FRAME_PREPARE, object, err);
}

int message_send_seed(int fd, const struct message_seed *seed,
		      struct error *err)
{
	struct json_object *object = json_make_object();
	char digits[ENTROPY_DIGITS + 1];

	for (size_t i = 0; i < MESSAGE_ENTROPY; i++)
		(void)snprintf(digits + 2 * i, 3, "%02x", seed->entropy[i]);
	add_string(object, "entropy", digits);
	json_add(object, "timeNs", json_make_int(seed->time_ns));
	return send_object(fd, FRAME_SEED, object, err);
}

static void add_bool(struct json_object *object, const char *name, bool value)
{
	json_add(object, name, json_make_bool(value));
}

static void add_place(struct json_object *object,
		      const struct message_layer *layer)
{
	switch (layer->kind) {
	case KIND_TAR:
		add_string(object, "kind", "tar");
		add_uint(object, "offset", layer->offset);
		add_uint(object, "size", layer->size);
		break;
	case KIND_SQUASHFS:
		add_string(object, "kind", "squashfs");
		add_uint(object, "partition", layer->partition);
		add_uint(object, "place", layer->place);
		add_bool(object, "rootImplied", layer->root_implied);
		add_bool(object, "opaqueRoot", layer->opaque_root);
		add_bool(object, "whiteouts", layer->whiteouts);
		break;
	}
}

static struct json_object *layers_array(const struct message_plan *plan)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < plan->layer_count; i++) {
		const struct message_layer *layer = &plan->layers[i];
		struct json_object *object = json_make_object();

		add_string(object, "name", layer->name);
		add_string(object, "diffId", layer->diff_id);
		add_place(object, layer);
		json_append(array, object);
	}
	return array;
}

static struct json_object *hooks_object(const struct message_plan *plan)
{
	struct json_object *object = json_make_object();

	for (size_t i = 0; i < HOOK_COUNT; i++) {
		const struct message_text *hook = &plan->hooks[i];

		if (hook->text)
			json_add(object, hook_names[i],
				 json_make_string_len(hook->text,
						      (int)hook->length));
	}
	return object;
}

static void add_given(struct json_object *object,
		      const struct message_plan *plan)
{
	struct json_object *array;

	if (plan->input_count > 0) {
		array = json_add_array(object, "inputs");
		for (size_t i = 0; i < plan->input_count; i++) {
			const struct message_input *input = &plan->inputs[i];
			struct json_object *one = json_make_object();

			add_string(one, "name", input->name);
			add_uint(one, "partition", input->partition);
			add_bool(one, "file", input->file);
			json_append(array, one);
		}
	}
	if (plan->secrets.count == 0)
		return;
	array = json_add_array(object, "secrets");
	for (size_t i = 0; i < plan->secrets.count; i++)
		json_append(array, json_make_string(plan->secrets.item[i]));
}

int message_send_plan(int fd, const struct message_plan *plan,
		      struct error *err)
{
	struct json_object *object = json_make_object();
	struct json_object *env = json_make_array();

	for (size_t i = 0; i < plan->env_count; i++)
		json_append(env, json_make_string(plan->env[i]));
	if (plan->commands.lines.count > 0)
		json_add(object, "commands",
			 message_commands_json(&plan->commands));
	json_add(object, "layers", layers_array(plan));
	json_add(object, "hooks", hooks_object(plan));
	json_add(object, "env", env);
	add_given(object, plan);
	if (plan->verify)
		add_bool(object, "verify", true);
	if (plan->network)
		add_bool(object, "network", true);
	if (plan->out)
		add_bool(object, "out", true);
	if (plan->keep)
		add_bool(object, "keep", true);
	if (plan->has_clamp)
		json_add(object, "clampMtime", json_make_int(plan->clamp));
	return send_object(fd, FRAME_PLAN, object, err);
}

static int send_text(int fd, enum frame_type type, const char *field,
		     const char *text, struct error *err)
{
	struct json_object *object = json_make_object();

	add_string(object, field, text);
	return send_object(fd, type, object, err);
}

int message_send_step(int fd, const char *name, struct error *err)
{
	return send_text(fd, FRAME_STEP, "name", name, err);
}

int message_send_note(int fd, const char *text, struct error *err)
{
	return send_text(fd, FRAME_NOTE, "text", text, err);
}

int message_send_hook(int fd, const struct message_hook_result *result,
		      struct error *err)
{
	struct json_object *object = json_make_object();

	add_string(object, "hook", hook_names[result->hook]);
	if (result->hook == HOOK_RUN)
		add_uint(object, "command", result->command);
	add_uint(object, "status", (uint64_t)result->status);
	add_uint(object, "signal", (uint64_t)result->signal);
	json_add(object, "oomKilled", json_make_bool(result->oom_killed));
	add_string(object, "lack", message_lack_name(result->lack));
	return send_object(fd, FRAME_HOOK, object, err);
}

int message_send_end(int fd, const struct message_end *end, struct error *err)
{
	struct json_object *object = json_make_object();
	char digits[17];

	add_uint(object, "size", end->size);
	add_uint(object, "entries", end->entries);
	(void)snprintf(digits, sizeof(digits), "%016" PRIx64, end->xxh64);
	add_string(object, "xxh64", digits);
	return send_object(fd, FRAME_END, object, err);
}

int message_send_fail(int fd, const struct message_fail *fail,
		      struct error *err)
{
	struct json_object *object = json_make_object();

	add_string(object, "step", fail->step);
	add_string(object, "errno", error_name(fail->code));
	add_string(object, "message", fail->message);
	add_string(object, "lack", message_lack_name(fail->lack));
	return send_object(fd, FRAME_FAIL, object, err);
}

int message_send_terminal(int fd, const struct message_terminal *terminal,
			  struct error *err)
{
	struct json_object *object = json_make_object();

	add_string(object, "type", terminal->type);
	add_uint(object, "rows", terminal->rows);
	add_uint(object, "columns", terminal->columns);
	return send_object(fd, FRAME_TERMINAL, object, err);
}
