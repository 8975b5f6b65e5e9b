/* SPDX-License-Identifier: MIT */
/* making.c - see state.h: the image that comes out of a run */
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

int run_check_image(struct run *run, struct error *err)
{
	const struct config_edit edit = edit_of(run);
	const struct image *base = base_of(run);
	autofree char *bytes = NULL;
	size_t size;

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

/* Nix wants a layer as it is; everybody else has it as the user does. */
static struct image_addition addition_of(const struct run *run)
{
	const struct collect *collect = &run->collect;
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

int run_make_image(struct run *run, const struct image_work *work,
		   struct error *err)
{
	struct image_addition addition = addition_of(run);
	struct config_edit edit = edit_of(run);
	autofree char *created_by = describe(run->plan);

	if (!created_by)
		return error_set(err, ENOMEM, "out of memory");
	addition.created_by = created_by;
	edit.additions = &addition;
	edit.addition_count = 1;
	if (draft_make(&run->draft, base_of(run), &edit, work, err) < 0)
		return -1;
	if (image_output_write(&run->image_output, &run->draft, work, err) < 0)
		return error_prefix(err, "--output-image");
	return 0;
}
