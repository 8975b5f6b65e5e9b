/* SPDX-License-Identifier: MIT */
/* words.c - see words.h, and plan.h for the names */
#include "host/plan/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MAX 6

/* Each by its number; the end is NULL. */
typedef const char *const words[WORDS_MAX];

static words accels = {
	[PLAN_ACCEL_AUTO] = "auto",
	[PLAN_ACCEL_KVM] = "kvm",
	[PLAN_ACCEL_TCG] = "tcg",
};

static words layer_modes = {
	[PLAN_LAYERS_MOUNT] = "mount",
	[PLAN_LAYERS_UNPACK] = "unpack",
};

static words compressions = {
	[PLAN_COMPRESS_NONE] = "none",
	[PLAN_COMPRESS_GZIP] = "gzip",
	[PLAN_COMPRESS_ZSTD] = "zstd",
};

static words progresses = {
	[PLAN_PROGRESS_AUTO] = "auto",
	[PLAN_PROGRESS_PLAIN] = "plain",
	[PLAN_PROGRESS_JSON] = "json",
	[PLAN_PROGRESS_NONE] = "none",
};

const char *plan_accel_name(enum plan_accel accel)
{
	return accels[accel];
}

const char *plan_layers_name(enum plan_layers mode)
{
	return layer_modes[mode];
}

const char *plan_compress_name(enum plan_compress compress)
{
	return compressions[compress];
}

const char *plan_progress_name(enum plan_progress progress)
{
	return progresses[progress];
}

/* The number of the word; 0, which is the default, where nothing was said. */
static int choose(const char *text, const char *option, words list,
		  struct error *err)
{
	char all[128] = "";

	for (int i = 0; text && list[i]; i++) {
		size_t used = strlen(all);

		if (strcmp(text, list[i]) == 0)
			return i;
		(void)snprintf(all + used, sizeof(all) - used, "%s%s",
			       i ? ", " : "", list[i]);
	}
	if (!text)
		return 0;
	return error_set(err, EINVAL, "%s '%s' is none of: %s", option, text,
			 all);
}

int words_decide(struct plan *plan, const struct request *request,
		 struct error *err)
{
	int accel = choose(request->accel, "--accel", accels, err);
	int layers = accel < 0 ? -1
			       : choose(request->layers, "--layers",
					layer_modes, err);
	int compress = layers < 0 ? -1
				  : choose(request->compress, "--compress",
					   compressions, err);
	int progress = compress < 0 ? -1
				    : choose(request->progress, "--progress",
					     progresses, err);

	if (progress < 0)
		return -1;
	plan->accel = (enum plan_accel)accel;
	plan->layers = (enum plan_layers)layers;
	plan->compress = (enum plan_compress)compress;
	plan->progress = (enum plan_progress)progress;
	return 0;
}
