/* SPDX-License-Identifier: MIT */
/* layers.c - see layers.h */
#include "guest/agent/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "guest/agent/device.h"
#include "guest/agent/note.h"
#include "guest/agent/overlay.h"
#include "guest/agent/scratch.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/layer_dir.h"

/* The layers below the one that is unpacked, for what it leaves open. */
struct below {
	const struct agent *agent;
	size_t count;
	bool opened;
};

static int open_below(void *ctx, struct error *err)
{
	struct below *below = ctx;
	int fd = overlay_open_lower(below->count, below->agent->empty_layers,
				    err);

	below->opened = fd >= 0;
	return fd;
}

static int unpack(struct agent *agent, const struct layer_source *source,
		  int dir, size_t below_count, struct layer_stats *stats,
		  struct error *err)
{
	struct below below = { agent, below_count, false };
	const struct layer_dir_options options = {
		.read = { note_send, agent },
		.open_lower = open_below,
		.lower_context = &below,
	};

	if (layer_unpack(source, dir, &options, stats, err) < 0)
		return -1;
	return below.opened ? overlay_close_lower(err) : 0;
}

static int make_layer_directory(size_t number, int *dir, struct error *err)
{
	char path[OVERLAY_LAYER_MAX];
	char parent[OVERLAY_LAYER_MAX];

	overlay_layer_path(path, number);
	(void)snprintf(parent, sizeof(parent), "image/%zu", number);
	if (mkdir(parent, 0755) < 0 || mkdir(path, 0755) < 0)
		return error_errno(err, "make directory '%s'", path);
	*dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*dir < 0)
		return error_errno(err, "open '%s'", path);
	return 0;
}

static int unpack_layer(struct agent *agent, int disk, size_t index,
			struct error *err)
{
	const struct message_layer *layer = &agent->plan.layers[index];
	const struct layer_source source = { disk, layer->offset, layer->size };
	struct layer_stats stats = { 0 };
	autoclose int dir = -1;

	if (make_layer_directory(index + 1, &dir, err) < 0 ||
	    unpack(agent, &source, dir, index, &stats, err) < 0)
		return error_prefix(err, "layer %zu (%s)", index + 1,
				    layer->diff_id);
	agent->empty_layers[index] = stats.entries == 0;
	/* It hides all below, which overlayfs would not look for at a root. */
	for (size_t i = 0; stats.opaque_root && i < index; i++)
		agent->empty_layers[i] = true;
	return 0;
}

static int write_list(const struct message_plan *plan, struct error *err)
{
	autofclose FILE *list = fopen(AGENT_LIST, "we");

	if (!list)
		return error_errno(err, "write '%s'", AGENT_LIST);
	for (size_t i = 0; i < plan->layer_count; i++)
		fprintf(list, "%s\n", plan->layers[i].name);
	if (fflush(list) != 0)
		return error_errno(err, "write '%s'", AGENT_LIST);
	return 0;
}

static int open_disk(const struct message_plan *plan, int *disk,
		     struct error *err)
{
	char path[DEVICE_PATH_MAX];
	bool any = false;

	for (size_t i = 0; i < plan->layer_count; i++)
		any |= plan->layers[i].size > 0;
	if (!any)
		return 0; /* there is no disk for layers without a byte */
	if (device_wait("/sys/block", "serial", LAYERS_SERIAL, path, err) < 0)
		return -1;
	*disk = open(path, O_RDONLY | O_CLOEXEC);
	if (*disk < 0)
		return error_errno(err, "open '%s'", path);
	return 0;
}

int layers_unpack(struct agent *agent, struct error *err)
{
	const struct message_plan *plan = &agent->plan;
	autoclose int disk = -1;

	if (mkdir("image", 0755) < 0)
		return error_errno(err, "make directory 'image'");
	agent->empty_layers =
		calloc(plan->layer_count + 1, sizeof(*agent->empty_layers));
	if (!agent->empty_layers)
		return error_set(err, ENOMEM, "out of memory");
	if (write_list(plan, err) < 0 || open_disk(plan, &disk, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->layer_count; i++)
		if (unpack_layer(agent, disk, i, err) < 0)
			return -1;
	return 0;
}

int layers_inherit_root(struct agent *agent, struct error *err)
{
	/* A layer of nothing takes its root from the layers below (R8). */
	const struct layer_source nothing = { -1, 0, 0 };
	struct layer_stats stats = { 0 };
	autoclose int upper = open(AGENT_UPPER, O_RDONLY | O_DIRECTORY |
							O_NOFOLLOW | O_CLOEXEC);

	if (upper < 0)
		return error_errno(err, "open '%s'", AGENT_UPPER);
	if (unpack(agent, &nothing, upper, agent->plan.layer_count, &stats,
		   err) < 0)
		return error_prefix(err, "attributes of the root");
	return upper_root_capture(&agent->root, upper, err);
}
