/* SPDX-License-Identifier: MIT */
/* plan_json.c - see plan.h: a plan as a spec */
#include <string.h>

#include <json-c/json.h>

#include "host/plan/plan.h"
#include "host/plan/spec.h"
#include "guest/shared/json_make.h"

static void add_text(struct json_object *spec, const char *key,
		     const char *text)
{
	json_add(spec, key, text ? json_make_string(text) : NULL);
}

static void add_number(struct json_object *spec, const char *key,
		       uint64_t number)
{
	json_add(spec, key, json_make_uint(number));
}

static struct json_object *array_of(char *const *texts, size_t count)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < count; i++)
		json_append(array, json_make_string(texts[i]));
	return array;
}

static struct json_object *config_array(const struct plan *plan)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < plan->config_count; i++)
		json_append(array, json_make_string(plan->config[i].text));
	return array;
}

static struct json_object *limit_object(const struct plan *plan)
{
	struct json_object *object = json_make_object();

	for (size_t i = 0; i < limit_count; i++)
		add_number(object, limit_table[i].name,
			   limit_get(&plan->limits, &limit_table[i]));
	return object;
}

static struct json_object *given_array(const struct given *given, size_t count)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < count; i++) {
		autofree char *text = given_text(&given[i]);

		json_append(array, json_make_string(text));
	}
	return array;
}

static void add_size(struct json_object *object, const char *name,
		     uint64_t size)
{
	if (size == PLAN_FIT)
		add_text(object, name, "auto");
	else
		add_number(object, name, size);
}

struct json_object *plan_to_json(const struct plan *plan)
{
	struct json_object *spec = json_make_object();

	if (!spec)
		return NULL;
	add_number(spec, SPEC_VERSION_KEY, SPEC_VERSION);
	add_text(spec, "name", plan->name);
	add_text(spec, "fromImage", plan->from_image);
	add_text(spec, "fromImageName", plan->from_image_name);
	add_text(spec, "fromImageTag", plan->from_image_tag);
	add_size(spec, "diskSize", plan->disk_size);
	add_size(spec, "buildVMMemorySize", plan->memory);
	add_number(spec, "cpus", plan->cpus);
	for (size_t i = 0; i < HOOK_COUNT; i++)
		add_text(spec, message_hook_name((enum message_hook)i),
			 plan->hooks[i].text ? plan->hooks[i].text : "");
	json_add(spec, "run", array_of(plan->run, plan->run_count));
	json_add(spec, "layerPerRun", json_make_bool(plan->layer_per_run));
	json_add(spec, "env", array_of(plan->env, plan->env_count));
	json_add(spec, "input", given_array(plan->inputs, plan->input_count));
	json_add(spec, "secret",
		 given_array(plan->secrets, plan->secret_count));
	add_text(spec, "output", plan->output);
	add_text(spec, "outputImage", plan->output_image);
	add_text(spec, "out", plan->out);
	json_add(spec, "config", config_array(plan));
	add_text(spec, "compress", plan_compress_name(plan->compress));
	json_add(spec, "verify", json_make_bool(plan->verify));
	add_text(spec, "report", plan->report);
	add_text(spec, "trace", plan->trace);
	add_text(spec, "keepFailed", plan->keep_failed);
	json_add(spec, "shellOnFailure",
		 json_make_bool(plan->shell_on_failure));
	add_text(spec, "layers", plan_layers_name(plan->layers));
	add_text(spec, "accel", plan_accel_name(plan->accel));
	add_text(spec, "network", plan_network_name(plan->network));
	json_add(spec, "noTemplate", json_make_bool(plan->no_template));
	if (plan->timeout)
		add_number(spec, "timeout", plan->timeout);
	else
		add_text(spec, "timeout", NULL);
	json_add(spec, "limit", limit_object(plan));
	if (plan->infra_exit)
		add_number(spec, "infraExit", plan->infra_exit);
	else
		add_text(spec, "infraExit", NULL);
	add_text(spec, "progress", plan_progress_name(plan->progress));
	return spec;
}
