/* SPDX-License-Identifier: MIT */
/* report.c - see report.h */
#include "host/library/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/text/escape.h"
#include "host/text/json_text.h"

#define FORMAT 1 /* of the report; raised when a field changes its meaning */

#define CONSOLE_LINES 80 /* a panic has 40 and more */

static void add_text(struct json_object *object, const char *key,
		     const char *text)
{
	json_add(object, key, text && *text ? json_make_string(text) : NULL);
}

static void add_number(struct json_object *object, const char *key,
		       uint64_t number)
{
	json_add(object, key, json_make_uint(number));
}

static void add_bool(struct json_object *object, const char *key, bool value)
{
	json_add(object, key, json_make_bool(value));
}

/* A line of it, shown as on a terminal. */
static struct json_object *line_json(const char *line, size_t length)
{
	struct escape escape = { 0 };
	autofree char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	escape_print(&escape, line, length, out);
	escape_finish(&escape, out);
	return fclose(out) == 0 ? json_make_string(text) : NULL;
}

/* The last lines: why a kernel panicked is in the few before its trace. */
static struct json_object *console_json(const char *console)
{
	struct json_object *lines = json_make_array();
	const char *from = console + strlen(console);
	size_t count = 0;

	while (from > console && count < CONSOLE_LINES)
		if (*--from == '\n')
			count++;
	for (from += *from == '\n'; *from; from += strspn(from, "\r\n")) {
		size_t length = strcspn(from, "\r\n");

		json_append(lines, line_json(from, length));
		from += length;
	}
	return lines;
}

static struct json_object *failure_json(const struct run_result *result,
					const char *cause)
{
	struct json_object *failure = json_make_object();

	add_text(failure, "class", failure_class_name(result->class));
	add_text(failure, "phase", result->phase);
	add_text(failure, "cause", cause);
	add_bool(failure, "retryable", result->retryable);
	if (result->console)
		json_add(failure, "console", console_json(result->console));
	return failure;
}

static const char *stored_as(const struct stored *stored)
{
	return stored->compression == COMPRESSION_NONE
		       ? "none"
		       : compression_name(stored->compression);
}

static void add_digest(struct json_object *object, const char *key,
		       const struct digest *digest)
{
	char text[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	(void)snprintf(text, sizeof(text), "sha256:%s", digest->hex);
	add_text(object, key, text);
}

static struct json_object *image_json(const struct run_result *result)
{
	struct json_object *image = json_make_object();

	add_digest(image, "digest", &result->manifest);
	add_digest(image, "id", &result->config);
	return image;
}

static struct json_object *layer_json(const struct run_layer *from)
{
	struct json_object *layer = json_make_object();

	add_digest(layer, "diffId", &from->diff_id);
	add_number(layer, "size", from->size);
	add_text(layer, "compression", stored_as(&from->stored));
	add_digest(layer, "digest", &from->stored.digest);
	add_number(layer, "storedSize", from->stored.size);
	add_number(layer, "entries", from->summary.entries);
	add_number(layer, "whiteouts", from->summary.whiteouts);
	add_number(layer, "opaques", from->summary.opaques);
	return layer;
}

/* One is "layer"; those of --layer-per-run are "layers", lowest first. */
static void add_layers(struct json_object *report, const struct plan *plan,
		       const struct run_result *result)
{
	struct json_object *layers;

	if (!result->layers)
		return;
	if (!plan->layer_per_run) {
		json_add(report, "layer", layer_json(&result->layers[0]));
		return;
	}
	layers = json_make_array();
	for (size_t i = 0; i < result->layer_count; i++)
		json_append(layers, layer_json(&result->layers[i]));
	json_add(report, "layers", layers);
}

static struct json_object *hooks_json(const struct run_result *result)
{
	struct json_object *hooks = json_make_object();

	for (size_t i = 0; i < HOOK_COUNT; i++) {
		struct json_object *hook;

		if (!result->hook_done[i])
			continue;
		hook = json_make_object();
		add_number(hook, "status", (uint64_t)result->hooks[i].status);
		if (result->hooks[i].signal)
			add_number(hook, "signal",
				   (uint64_t)result->hooks[i].signal);
		add_bool(hook, "oomKilled", result->hooks[i].oom_killed);
		json_add(hooks, message_hook_name((enum message_hook)i), hook);
	}
	return hooks;
}

/* Those that have run, in order. Only the last can have failed. */
static struct json_object *commands_json(const struct plan *plan,
					 const struct run_result *result)
{
	struct json_object *commands = json_make_array();
	const struct message_hook_result *failed = &result->failed;

	for (size_t i = 0; i < result->commands_done && i < plan->run_count;
	     i++) {
		struct json_object *command = json_make_object();
		bool is_failed =
			failed->hook == HOOK_RUN && failed->command == i + 1;

		add_text(command, "command", plan->run[i]);
		add_number(command, "status",
			   is_failed ? (uint64_t)failed->status : 0);
		if (is_failed && failed->signal)
			add_number(command, "signal", (uint64_t)failed->signal);
		add_bool(command, "oomKilled", is_failed && failed->oom_killed);
		json_append(commands, command);
	}
	return commands;
}

static struct json_object *steps_json(const struct timeline *timeline)
{
	struct json_object *steps = json_make_array();

	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_step *step = &timeline->steps[i];
		struct json_object *object = json_make_object();

		add_text(object, "name", step->name);
		add_text(object, "side", step->guest ? "guest" : "host");
		add_number(object, "startNs", step->start);
		add_number(object, "durationNs", step->end - step->start);
		json_append(steps, object);
	}
	return steps;
}

/* What could be had of it; nothing if QEMU was not started. */
static struct json_object *confinement_json(
	const struct confinement *confinement)
{
	struct json_object *object = json_make_object();

	add_bool(object, "qemuSandbox", confinement->sandbox);
	add_bool(object, "systemCallFilter", confinement->filter);
	add_number(object, "landlock", confinement->landlock);
	return object;
}

static struct json_object *report_json(const struct plan *plan,
				       const struct run_result *result,
				       const char *cause)
{
	struct json_object *report = json_make_object();

	add_number(report, "format", FORMAT);
	add_text(report, "name", plan->name);
	add_bool(report, "ok", result->class == FAILURE_NONE);
	add_number(report, "status", (uint64_t)result->status);
	if (result->class != FAILURE_NONE)
		json_add(report, "failure", failure_json(result, cause));
	add_layers(report, plan, result);
	if (result->manifest.hex[0])
		json_add(report, "image", image_json(result));
	json_add(report, "hooks", hooks_json(result));
	json_add(report, "run", commands_json(plan, result));
	add_text(report, "accel", result->kvm ? "kvm" : "tcg");
	add_text(report, "network", result->network);
	add_text(report, "kernel", result->kernel);
	add_number(report, "diskSize", result->disk_size);
	add_number(report, "memory", result->memory);
	json_add(report, "confinement", confinement_json(&result->confinement));
	json_add(report, "steps", steps_json(&result->timeline));
	json_add(report, "spec", plan_to_json(plan));
	return report;
}

char *report_text(const struct plan *plan, const struct run_result *result,
		  const char *cause)
{
	autojson struct json_object *report = report_json(plan, result, cause);

	return json_text(report, JSON_TEXT_PRETTY);
}
