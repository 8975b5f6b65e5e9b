/* SPDX-License-Identifier: MIT */
/* making.c - see state.h: the image that comes out of a run */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/run/state.h"

/* As much of a hook as a history needs to tell what it was. */
#define SHOWN 400 /* bytes */

static struct image *base_of(struct run *run)
{
	return run->image.path ? &run->image : NULL;
}

static struct config_edit edit_of(const struct run *run)
{
	const struct plan *plan = run->plan;

	return (struct config_edit){
		.changes = plan->config,
		.change_count = plan->config_count,
		.created = plan->has_clamp ? plan->clamp : (int64_t)time(NULL),
	};
}

/* All that are made have to fit, above those that there are. */
static int check_layers(const struct run *run, struct error *err)
{
	size_t made = plan_layer_count(run->plan);

	if (made > 1 && run->plan->output_image &&
	    run->image_output.target.form == TARGET_NIX)
		return error_set(err, EINVAL,
				 "--output-image 'nix:': takes one layer, and "
				 "--layer-per-run makes %zu",
				 made);
	if (made > 1 && run->image.layer_count + made > IMAGE_LAYERS_MAX)
		return error_set(err, E2BIG,
				 "--layer-per-run: %zu layers on the image's "
				 "%zu are more than %d",
				 made, run->image.layer_count,
				 IMAGE_LAYERS_MAX);
	return 0;
}

int run_check_image(struct run *run, struct error *err)
{
	const struct config_edit edit = edit_of(run);
	const struct image *base = base_of(run);
	autofree char *bytes = NULL;
	size_t size;

	if (check_layers(run, err) < 0)
		return -1;
	if (!run->plan->output_image)
		return 0;
	if (config_edit(base ? &base->config : NULL, &edit, &bytes, &size,
			err) == 0)
		return 0;
	return base ? error_prefix(err, "image '%s'", base->path) : -1;
}

/* A command line that tells the layers of one history apart. */
static char *describe(const struct plan *plan)
{
	static const char *const options[HOOK_COUNT] = {
		[HOOK_PRE_MOUNT] = "pre-mount",
		[HOOK_POST_MOUNT] = "post-mount",
		[HOOK_POST_UMOUNT] = "post-umount",
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "overlayvm run --name '%s'", plan->name);
	for (size_t i = 0; i < HOOK_COUNT; i++)
		if (plan->hooks[i].text)
			fprintf(out, " --%s '%.*s%s'", options[i], SHOWN,
				plan->hooks[i].text,
				plan->hooks[i].length > SHOWN ? "..." : "");
	for (size_t i = 0; i < plan->run_count; i++)
		fprintf(out, " --run '%.*s%s'", SHOWN, plan->run[i],
			strlen(plan->run[i]) > SHOWN ? "..." : "");
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* As Docker has it of a RUN: the shell's words, and the command. */
static char *describe_command(const struct message_commands *commands,
			      size_t index)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("RUN", out);
	for (size_t i = 0; i < commands->shell.count; i++)
		fprintf(out, " %s", commands->shell.item[i]);
	fprintf(out, " %s", commands->lines.item[index]);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* Nix wants a layer as it is; everybody else has it as the user does. */
static struct image_addition addition_of(const struct run *run,
					 const struct collect *collect)
{
	bool is_plain = run->image_output.target.form == TARGET_NIX ||
			collect->stored.compression == COMPRESSION_NONE;

	if (is_plain)
		return (struct image_addition){
			.fd = collect->fd,
			.size = collect->size,
			.digest = collect->digest,
			.diff_id = collect->digest,
		};
	return (struct image_addition){
		.fd = collect->stored_fd,
		.size = collect->stored.size,
		.compression = collect->stored.compression,
		.digest = collect->stored.digest,
		.diff_id = collect->digest,
	};
}

/* The layers that have come, with what the history says of each. */
struct additions {
	struct image_addition *list; /* owned */
	char **texts;		     /* owned, as is each */
	size_t count;
};

static void additions_release(struct additions *additions)
{
	for (size_t i = 0; i < additions->count; i++)
		free(additions->texts[i]);
	free(additions->texts);
	free(additions->list);
}

DEFINE_AUTO(additions, additions_release)

static int additions_make(struct additions *additions, const struct run *run,
			  struct error *err)
{
	additions->list = calloc(run->layer_count, sizeof(*additions->list));
	additions->texts = calloc(run->layer_count, sizeof(*additions->texts));
	if (!additions->list || !additions->texts)
		return error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; i < run->layer_count; i++) {
		char *text =
			run->plan->layer_per_run
				? describe_command(
					  &run->assignment.plan.commands, i)
				: describe(run->plan);

		if (!text)
			return error_set(err, ENOMEM, "out of memory");
		additions->texts[additions->count++] = text;
		additions->list[i] = addition_of(run, &run->layers[i].collect);
		additions->list[i].created_by = text;
	}
	return 0;
}

int run_make_image(struct run *run, const struct image_work *work,
		   struct error *err)
{
	AUTO(additions) additions = { 0 };
	struct config_edit edit = edit_of(run);

	if (additions_make(&additions, run, err) < 0)
		return -1;
	edit.additions = additions.list;
	edit.addition_count = additions.count;
	if (draft_make(&run->draft, base_of(run), &edit, work, err) < 0)
		return -1;
	if (image_output_write(&run->image_output, &run->draft, work, err) < 0)
		return error_prefix(err, "--output-image");
	return 0;
}
