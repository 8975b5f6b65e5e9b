/* SPDX-License-Identifier: MIT */
/* plan.c - see plan.h */
#include "host/plan/plan.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/plan/size.h"
#include "host/plan/words.h"

#define AUTO_SIZE	   "auto"
#define DEFAULT_NAME	   "layer"
#define DEFAULT_DISK_SIZE  1024	 /* MiB, as in the original */
#define DEFAULT_CACHE_SIZE 16384 /* MiB */
#define DEFAULT_MEMORY	   512	 /* MiB, as in the original */
#define MEMORY_MIN	   128	 /* MiB: kernel, guest image, and a shell */
#define DISK_MIN	   8 /* MiB: what ext4 can be made on, and then some */
#define CPUS_MAX	   255		     /* of q35 without more ado */
#define EXIT_STATUS_MAX	   255		     /* what wait(2) keeps of it */
#define TIMEOUT_MAX	   (366 * 24 * 3600) /* seconds */

static int copy(char **to, const char *from, struct error *err)
{
	if (!from)
		return 0;
	*to = strdup(from);
	if (!*to)
		return error_set(err, ENOMEM, "out of memory");
	return 0;
}

static int decide_name(struct plan *plan, const struct request *request,
		       struct error *err)
{
	const char *name = request->name ? request->name : DEFAULT_NAME;

	if (!*name)
		return error_set(err, EINVAL, "--name is empty");
	for (const char *c = name; *c; c++)
		if (iscntrl((unsigned char)*c))
			return error_set(err, EINVAL,
					 "--name '%s' has a control character",
					 name);
	return copy(&plan->name, name, err);
}

static int decide_image(struct plan *plan, const struct request *request,
			struct error *err)
{
	bool name = request->from_image_name != NULL;
	bool tag = request->from_image_tag != NULL;

	if (request->from_image && !*request->from_image)
		return error_set(err, EINVAL, "--from-image is empty");
	if (!request->from_image && (name || tag))
		return error_set(err, EINVAL,
				 "--from-image-%s without --from-image",
				 name ? "name" : "tag");
	if (name != tag)
		return error_set(err, EINVAL,
				 "--from-image-%s without --from-image-%s: "
				 "give both or neither",
				 name ? "name" : "tag", name ? "tag" : "name");
	if (copy(&plan->from_image, request->from_image, err) < 0 ||
	    copy(&plan->from_image_name, request->from_image_name, err) < 0)
		return -1;
	return copy(&plan->from_image_tag, request->from_image_tag, err);
}

static int decide_disk(struct plan *plan, const struct request *request,
		       const struct surroundings *around, struct error *err)
{
	plan->disk_size = DEFAULT_DISK_SIZE;
	if (!request->disk_size)
		return 0;
	if (strcmp(request->disk_size, AUTO_SIZE) == 0) {
		plan->disk_size = PLAN_FIT;
		return 0;
	}
	if (size_parse(request->disk_size, "--disk-size", &plan->disk_size,
		       err) < 0)
		return -1;
	if (plan->disk_size < DISK_MIN)
		return error_set(err, EINVAL,
				 "--disk-size '%s' is below %d MiB",
				 request->disk_size, DISK_MIN);
	if (plan->disk_size > around->disk_free)
		return error_set(err, EINVAL,
				 "--disk-size '%s' is more than the %" PRIu64
				 " MiB that are free in '%s' (OVERLAYVM_TMPDIR "
				 "names another place)",
				 request->disk_size, around->disk_free,
				 around->tmpdir);
	return 0;
}

static int decide_memory(struct plan *plan, const struct request *request,
			 const struct surroundings *around, struct error *err)
{
	plan->memory = DEFAULT_MEMORY;
	plan->host_memory = around->memory;
	if (!request->memory)
		return 0;
	if (strcmp(request->memory, AUTO_SIZE) == 0) {
		plan->memory = PLAN_FIT;
		return 0;
	}
	if (size_parse(request->memory, "--memory", &plan->memory, err) < 0)
		return -1;
	if (plan->memory < MEMORY_MIN)
		return error_set(err, EINVAL,
				 "--memory '%s' is below %d MiB, which the "
				 "guest needs",
				 request->memory, MEMORY_MIN);
	if (plan->memory > around->memory)
		return error_set(err, EINVAL,
				 "--memory '%s' is more than the %" PRIu64
				 " MiB that this host has",
				 request->memory, around->memory);
	return 0;
}

static int decide_numbers(struct plan *plan, const struct request *request,
			  struct error *err)
{
	uint64_t cpus = 1;
	uint64_t infra_exit = 0;

	if (request->cpus &&
	    number_parse(request->cpus, "--cpus", 1, CPUS_MAX, &cpus, err) < 0)
		return -1;
	plan->cpus = (unsigned)cpus;
	if (request->timeout &&
	    number_parse(request->timeout, "--timeout", 1, TIMEOUT_MAX,
			 &plan->timeout, err) < 0)
		return -1;
	if (request->infra_exit &&
	    number_parse(request->infra_exit, "--infra-exit", 1,
			 EXIT_STATUS_MAX, &infra_exit, err) < 0)
		return -1;
	plan->infra_exit = (unsigned)infra_exit;
	return limits_parse(&plan->limits, request->limit.item,
			    request->limit.count, err);
}

static int decide_hooks(struct plan *plan, const struct request *request,
			struct error *err)
{
	for (size_t i = 0; i < HOOK_COUNT; i++) {
		struct message_text *hook = &plan->hooks[i];

		if (!request->hooks[i] || !*request->hooks[i])
			continue; /* "" is no hook, as in the original */
		if (copy(&hook->text, request->hooks[i], err) < 0)
			return -1;
		hook->length = strlen(hook->text);
	}
	return 0;
}

static bool is_variable(const char *text)
{
	const char *end = strchr(text, '=');

	if (!end || end == text || isdigit((unsigned char)text[0]))
		return false;
	for (const char *c = text; c < end; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			return false;
	return true;
}

static int check_run(const struct plan *plan, const struct request *request,
		     struct error *err)
{
	if (request->run.count == 0)
		return 0;
	if (request->run.count > MESSAGE_COMMANDS_MAX)
		return error_set(err, EINVAL, "--run: more than %d commands",
				 MESSAGE_COMMANDS_MAX);
	if (!plan->from_image && !plan->hooks[HOOK_PRE_MOUNT].text)
		return error_set(err, EINVAL,
				 "--run without --from-image, or a --pre-mount "
				 "that makes what it runs in");
	return 0;
}

static int decide_run(struct plan *plan, const struct request *request,
		      struct error *err)
{
	if (check_run(plan, request, err) < 0)
		return -1;
	plan->run = calloc(request->run.count + 1, sizeof(*plan->run));
	if (!plan->run)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < request->run.count; i++) {
		if (!*request->run.item[i])
			return error_set(err, EINVAL, "--run is empty");
		if (copy(&plan->run[i], request->run.item[i], err) < 0)
			return -1;
		plan->run_count++;
	}
	return 0;
}

static int decide_layers(struct plan *plan, const struct request *request,
			 struct error *err)
{
	plan->layer_per_run = request->layer_per_run != NULL;
	if (!plan->layer_per_run)
		return 0;
	if (plan->run_count == 0)
		return error_set(err, EINVAL, "--layer-per-run without --run");
	if (plan->run_count > 1 && plan->output)
		return error_set(err, EINVAL,
				 "--layer-per-run makes %zu layers, and "
				 "--output takes one: use --output-image",
				 plan->run_count);
	return 0;
}

static int decide_verify(struct plan *plan, const struct request *request,
			 struct error *err)
{
	plan->verify = request->verify != NULL;
	if (plan->verify && plan->hooks[HOOK_POST_UMOUNT].text)
		return error_set(err, EINVAL,
				 "--verify with --post-umount: that hook may "
				 "change the layer after what it is compared "
				 "with");
	return 0;
}

size_t plan_layer_count(const struct plan *plan)
{
	return plan->layer_per_run ? plan->run_count : 1;
}

static int decide_env(struct plan *plan, const struct request *request,
		      struct error *err)
{
	if (request->env.count > MESSAGE_ENV_MAX / 2)
		return error_set(err, EINVAL, "--env: more than %d variables",
				 MESSAGE_ENV_MAX / 2);
	plan->env = calloc(request->env.count + 1, sizeof(*plan->env));
	if (!plan->env)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < request->env.count; i++) {
		if (!is_variable(request->env.item[i]))
			return error_set(err, EINVAL,
					 "--env '%s' is not NAME=VALUE",
					 request->env.item[i]);
		if (copy(&plan->env[i], request->env.item[i], err) < 0)
			return -1;
		plan->env_count++;
	}
	return 0;
}

static int decide_given(struct given **given, size_t *count, size_t max,
			const struct request_list *list, const char *option,
			bool tars, struct error *err)
{
	if (list->count > max)
		return error_set(err, EINVAL, "%s: more than %zu", option, max);
	*given = calloc(list->count + 1, sizeof(**given));
	if (!*given)
		return error_set(err, ENOMEM, "out of memory");
	for (; *count < list->count; (*count)++)
		if (given_parse(&(*given)[*count], list->item[*count], option,
				tars, *given, *count, err) < 0)
			return -1;
	return 0;
}

static int decide_all_given(struct plan *plan, const struct request *request,
			    struct error *err)
{
	if (decide_given(&plan->inputs, &plan->input_count, MESSAGE_INPUTS_MAX,
			 &request->input, "--input", true, err) < 0)
		return -1;
	return decide_given(&plan->secrets, &plan->secret_count,
			    MESSAGE_SECRETS_MAX, &request->secret, "--secret",
			    false, err);
}

static int decide_config(struct plan *plan, const struct request *request,
			 struct error *err)
{
	size_t count = request->config.count;

	if (count > 0 && !request->output_image)
		return error_set(err, EINVAL,
				 "--config without --output-image");
	plan->config = calloc(count + 1, sizeof(*plan->config));
	if (!plan->config)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++) {
		if (config_change_parse(&plan->config[i],
					request->config.item[i], err) < 0)
			return -1;
		plan->config_count++;
	}
	return 0;
}

/* Where something is written; two of them must not be one file. */
static int decide_files(struct plan *plan, const struct request *request,
			struct error *err)
{
	const struct {
		const char *option;
		const char *path;
		char **to;
	} files[] = {
		{ "--output", request->output, &plan->output },
		{ "--output-image", request->output_image,
		  &plan->output_image },
		{ "--out", request->out, &plan->out },
		{ "--report", request->report, &plan->report },
		{ "--trace", request->trace, &plan->trace },
		{ "--keep-failed", request->keep_failed, &plan->keep_failed },
	};

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		if (files[i].path && !*files[i].path)
			return error_set(err, EINVAL, "%s is empty",
					 files[i].option);
		for (size_t j = 0; files[i].path && j < i; j++)
			if (files[j].path &&
			    strcmp(files[j].path, files[i].path) == 0)
				return error_set(err, EINVAL,
						 "%s and %s are both '%s'",
						 files[j].option,
						 files[i].option,
						 files[i].path);
		if (copy(files[i].to, files[i].path, err) < 0)
			return -1;
	}
	return 0;
}

/* reproducible-builds.org/specs/source-date-epoch: decimal seconds. */
static int decide_clamp(struct plan *plan, const char *epoch, struct error *err)
{
	uint64_t seconds;

	if (!epoch)
		return 0;
	if (number_parse(epoch, "SOURCE_DATE_EPOCH", 0, INT64_MAX, &seconds,
			 err) < 0)
		return -1;
	plan->has_clamp = true;
	plan->clamp = (int64_t)seconds;
	return 0;
}

static int decide_cache(struct plan *plan, const char *size, struct error *err)
{
	plan->cache_size = DEFAULT_CACHE_SIZE;
	if (!size || !*size)
		return 0;
	return size_parse(size, "OVERLAYVM_CACHE_SIZE", &plan->cache_size, err);
}

/* What is the network: passt, unless the user says otherwise. */
static int decide_passt(struct plan *plan, const char *named, struct error *err)
{
	if (named && strcmp(named, "none") == 0)
		return 0;
	plan->passt_named = named != NULL;
	return copy(&plan->passt, named ? named : "passt", err);
}

/* The guest's programs find a proxy as this host's do. */
static int decide_network(struct plan *plan, const struct surroundings *around,
			  struct error *err)
{
	if (plan->network == PLAN_NETWORK_NONE)
		return 0;
	if (decide_passt(plan, around->passt, err) < 0)
		return -1;
	plan->proxies = calloc(SURROUNDINGS_PROXIES + 1, sizeof(char *));
	if (!plan->proxies)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < SURROUNDINGS_PROXIES; i++) {
		char **to = &plan->proxies[plan->proxy_count];

		if (!around->proxies[i].value)
			continue;
		if (asprintf(to, "%s=%s", around->proxies[i].name,
			     around->proxies[i].value) < 0) {
			*to = NULL;
			return error_set(err, ENOMEM, "out of memory");
		}
		plan->proxy_count++;
	}
	return 0;
}

static int decide_shell(struct plan *plan, const struct request *request,
			const struct surroundings *around, struct error *err)
{
	plan->shell_on_failure = request->shell_on_failure != NULL;
	if (plan->shell_on_failure && !around->terminal)
		return error_set(
			err, EINVAL,
			"--shell-on-failure: there is no terminal to "
			"lend (--keep-failed keeps the disk for later)");
	return 0;
}

int plan_make(struct plan *plan, const struct request *request,
	      const struct surroundings *around, struct error *err)
{
	AUTO(plan) made = { 0 };

	if (decide_name(&made, request, err) < 0 ||
	    decide_image(&made, request, err) < 0 ||
	    decide_disk(&made, request, around, err) < 0 ||
	    decide_memory(&made, request, around, err) < 0 ||
	    decide_numbers(&made, request, err) < 0 ||
	    decide_hooks(&made, request, err) < 0 ||
	    decide_run(&made, request, err) < 0 ||
	    decide_env(&made, request, err) < 0 ||
	    decide_all_given(&made, request, err) < 0 ||
	    decide_config(&made, request, err) < 0 ||
	    words_decide(&made, request, err) < 0 ||
	    decide_network(&made, around, err) < 0 ||
	    decide_files(&made, request, err) < 0 ||
	    decide_layers(&made, request, err) < 0 ||
	    decide_verify(&made, request, err) < 0 ||
	    decide_shell(&made, request, around, err) < 0 ||
	    decide_clamp(&made, around->source_date_epoch, err) < 0 ||
	    decide_cache(&made, around->cache_size, err) < 0 ||
	    copy(&made.qemu, around->qemu, err) < 0 ||
	    copy(&made.tmpdir, around->tmpdir, err) < 0)
		return -1;
	made.no_template = request->no_template != NULL;

	*plan = made;
	made = (struct plan){ 0 }; /* now *plan's */
	return 0;
}

void plan_release(struct plan *plan)
{
	char **strings[] = { &plan->name,
			     &plan->from_image,
			     &plan->from_image_name,
			     &plan->from_image_tag,
			     &plan->output,
			     &plan->output_image,
			     &plan->out,
			     &plan->report,
			     &plan->trace,
			     &plan->keep_failed,
			     &plan->qemu,
			     &plan->passt,
			     &plan->tmpdir };

	for (size_t i = 0; i < COUNT_OF(strings); i++)
		free(*strings[i]);
	for (size_t i = 0; i < HOOK_COUNT; i++)
		free(plan->hooks[i].text);
	for (size_t i = 0; i < plan->run_count; i++)
		free(plan->run[i]);
	free(plan->run);
	for (size_t i = 0; i < plan->env_count; i++)
		free(plan->env[i]);
	free(plan->env);
	for (size_t i = 0; i < plan->proxy_count; i++)
		free(plan->proxies[i]);
	free(plan->proxies);
	for (size_t i = 0; i < plan->input_count; i++)
		given_release(&plan->inputs[i]);
	free(plan->inputs);
	for (size_t i = 0; i < plan->secret_count; i++)
		given_release(&plan->secrets[i]);
	free(plan->secrets);
	for (size_t i = 0; i < plan->config_count; i++)
		config_change_release(&plan->config[i]);
	free(plan->config);
	*plan = (struct plan){ 0 };
}
