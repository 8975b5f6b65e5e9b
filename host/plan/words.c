/* SPDX-License-Identifier: MIT */
/* words.c - see words.h, and plan.h for the names */
#include "host/plan/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Each by its number; the end is NULL. */
const char *const words_accel[] = {
	[PLAN_ACCEL_AUTO] = "auto",
	[PLAN_ACCEL_KVM] = "kvm",
	[PLAN_ACCEL_TCG] = "tcg",
	NULL,
};

const char *const words_layers[] = {
	[PLAN_LAYERS_MOUNT] = "mount",
	[PLAN_LAYERS_UNPACK] = "unpack",
	NULL,
};

const char *const words_network[] = {
	[PLAN_NETWORK_NONE] = "none",
	[PLAN_NETWORK_USER] = "user",
	NULL,
};

const char *const words_compress[] = {
	[PLAN_COMPRESS_NONE] = "none",
	[PLAN_COMPRESS_GZIP] = "gzip",
	[PLAN_COMPRESS_ZSTD] = "zstd",
	NULL,
};

const char *const words_progress[] = {
	[PLAN_PROGRESS_AUTO] = "auto",	 [PLAN_PROGRESS_TTY] = "tty",
	[PLAN_PROGRESS_PLAIN] = "plain", [PLAN_PROGRESS_JSON] = "json",
	[PLAN_PROGRESS_NONE] = "none",	 NULL,
};

const char *plan_accel_name(enum plan_accel accel)
{
	return words_accel[accel];
}

const char *plan_layers_name(enum plan_layers mode)
{
	return words_layers[mode];
}

const char *plan_network_name(enum plan_network network)
{
	return words_network[network];
}

const char *plan_compress_name(enum plan_compress compress)
{
	return words_compress[compress];
}

const char *plan_progress_name(enum plan_progress progress)
{
	return words_progress[progress];
}

/* The number of the word; 0, which is the default, where nothing was said. */
static int choose(const char *text, const char *option, const char *const *list,
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
	int accel = choose(request->accel, "--accel", words_accel, err);
	int layers = accel < 0 ? -1
			       : choose(request->layers, "--layers",
					words_layers, err);
	int compress = layers < 0 ? -1
				  : choose(request->compress, "--compress",
					   words_compress, err);
	int progress = compress < 0 ? -1
				    : choose(request->progress, "--progress",
					     words_progress, err);
	int network = progress < 0 ? -1
				   : choose(request->network, "--network",
					    words_network, err);

	if (network < 0)
		return -1;
	plan->network = (enum plan_network)network;
	plan->accel = (enum plan_accel)accel;
	plan->layers = (enum plan_layers)layers;
	plan->compress = (enum plan_compress)compress;
	plan->progress = (enum plan_progress)progress;
	return 0;
}
