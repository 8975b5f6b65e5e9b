/* SPDX-License-Identifier: MIT */
/* layers.c - see layers.h */
#include "guest/agent/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/agent/beat.h"
#include "guest/agent/device.h"
#include "guest/agent/given.h"
#include "guest/agent/marks.h"
#include "guest/agent/note.h"
#include "guest/agent/overlay.h"
#include "guest/agent/partitions.h"
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
		.read = { note_send, agent, beat_as_it_goes },
		.open_lower = open_below,
		.lower_context = &below,
	};

	if (layer_unpack(source, dir, &options, stats, err) < 0)
		return -1;
	return below.opened ? overlay_close_lower(err) : 0;
}

static int make_layer_directory(size_t number, struct error *err)
{
	char path[OVERLAY_LAYER_MAX];
	char parent[OVERLAY_LAYER_MAX];

	overlay_layer_path(path, number);
	(void)snprintf(parent, sizeof(parent), "image/%zu", number);
	if (mkdir(parent, 0755) < 0 || mkdir(path, 0755) < 0)
		return error_errno(err, "make directory '%s'", path);
	return 0;
}

/* A layer of nothing: unpacking it settles the root alone (R8). */
static const struct layer_source nothing = { -1, 0, 0 };

/* Opens the highest layer that describes its root; -1 and no error: none. */
static int open_root_layer(void *ctx, struct error *err)
{
	const struct agent *agent = ctx;
	char path[OVERLAY_LAYER_MAX];
	int fd;

	err->code = 0;
	if (agent->root_layer == 0)
		return -1;
	overlay_layer_path(path, agent->root_layer);
	fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "open '%s'", path);
	return fd;
}

/*
 * Give the directory the attributes that the layers so far have for their
 * root. The merged view does not tell: a layer that was prepared without
 * those below it may have a root that says nothing.
 */
static int inherit_root(struct agent *agent, int dir, struct error *err)
{
	const struct layer_dir_options options = {
		.open_lower = open_root_layer,
		.lower_context = agent,
	};
	struct layer_stats stats = { 0 };

	return layer_unpack(&nothing, dir, &options, &stats, err);
}

static void note_layer(struct agent *agent, size_t index, bool is_empty,
		       bool opaque_root, bool has_root)
{
	agent->empty_layers[index] = is_empty;
	/* It hides all below, which overlayfs would not look for at a root. */
	for (size_t i = 0; opaque_root && i < index; i++)
		agent->empty_layers[i] = true;
	if (!is_empty && has_root)
		agent->root_layer = index + 1;
}

static int unpack_layer(struct agent *agent, int disk, size_t index,
			struct error *err)
{
	const struct message_layer *layer = &agent->plan.layers[index];
	const struct layer_source source = { disk, layer->offset, layer->size };
	struct layer_stats stats = { 0 };
	char path[OVERLAY_LAYER_MAX];
	autoclose int dir = -1;

	overlay_layer_path(path, index + 1);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return error_errno(err, "open '%s'", path);
	if (unpack(agent, &source, dir, index, &stats, err) < 0 ||
	    (stats.root_implied && inherit_root(agent, dir, err) < 0))
		return -1;
	note_layer(agent, index, stats.entries == 0, stats.opaque_root, true);
	return 0;
}

static int say_which(const struct agent *agent, size_t index, struct error *err)
{
	return error_prefix(err, "layer %zu (%s)", index + 1,
			    agent->plan.layers[index].diff_id);
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

static int make_places(struct agent *agent, struct error *err)
{
	const struct message_plan *plan = &agent->plan;

	agent->lower_count = plan->layer_count;
	agent->empty_layers =
		calloc(plan->layer_count + plan->commands.lines.count + 1,
		       sizeof(*agent->empty_layers));
	if (!agent->empty_layers)
		return error_set(err, ENOMEM, "out of memory");
	if (mkdir("image", 0755) < 0)
		return error_errno(err, "make directory 'image'");
	for (size_t i = 0; i < plan->layer_count; i++)
		if (make_layer_directory(i + 1, err) < 0)
			return -1;
	return write_list(plan, err);
}

static bool is_on_disk(const struct message_layer *layer)
{
	return layer->kind == KIND_SQUASHFS || layer->size > 0;
}

/* false: there is no layer of that kind, or none with a byte. */
static bool has_kind(const struct message_plan *plan, enum message_kind kind)
{
	for (size_t i = 0; i < plan->layer_count; i++)
		if (plan->layers[i].kind == kind &&
		    is_on_disk(&plan->layers[i]))
			return true;
	return false;
}

static char device[DEVICE_PATH_MAX];

int layers_find(struct error *err)
{
	return device_wait("/sys/block", "serial", LAYERS_SERIAL, device, err);
}

static int show_layer(struct agent *agent, size_t index, struct error *err)
{
	if (partitions_show(&agent->plan.layers[index], index + 1, err) < 0)
		return say_which(agent, index, err);
	return 0;
}

int layers_mount(struct agent *agent, struct error *err)
{
	const struct message_plan *plan = &agent->plan;

	if (make_places(agent, err) < 0)
		return -1;
	if (plan->input_count > 0 || has_kind(plan, KIND_SQUASHFS)) {
		if (device_find_partitions(device, err) < 0)
			return -1;
	}
	if (given_mount_inputs(plan, device, err) < 0)
		return -1;
	if (!has_kind(plan, KIND_SQUASHFS))
		return 0;
	if (message_send_step(agent->channel.fd, "mount the layers", err) < 0 ||
	    partitions_mount(plan, device, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->layer_count; i++)
		if (plan->layers[i].kind == KIND_SQUASHFS &&
		    show_layer(agent, i, err) < 0)
			return -1;
	return 0;
}

static int take_layer(struct agent *agent, int disk, size_t index,
		      struct error *err)
{
	const struct message_layer *layer = &agent->plan.layers[index];

	if (layer->kind == KIND_SQUASHFS)
		note_layer(agent, index, false, layer->opaque_root,
			   !layer->root_implied);
	else if (layer->size == 0)
		note_layer(agent, index, true, false, false);
	else if (unpack_layer(agent, disk, index, err) < 0)
		return say_which(agent, index, err);
	return 0;
}

int layers_unpack(struct agent *agent, struct error *err)
{
	const struct message_plan *plan = &agent->plan;
	autoclose int disk = -1;

	if (has_kind(plan, KIND_TAR)) {
		if (message_send_step(agent->channel.fd, "unpack the layers",
				      err) < 0)
			return -1;
		disk = open(device, O_RDONLY | O_CLOEXEC);
		if (disk < 0)
			return error_errno(err, "open '%s'", device);
	}
	for (size_t i = 0; i < plan->layer_count; i++)
		if (take_layer(agent, disk, i, err) < 0)
			return -1;
	return 0;
}

/* The same attributes once more, where no hook changes them. */
static int mark_root(struct agent *agent, struct error *err)
{
	const struct stat *st = &agent->root.st;
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	autoclose int dir = marks_make_root(agent, err);

	if (dir < 0)
		return err->code == 0 ? 0 : -1;
	if (inherit_root(agent, dir, err) < 0)
		return error_prefix(err, "attributes of the root");
	if (fchown(dir, st->st_uid, st->st_gid) < 0 ||
	    fchmod(dir, st->st_mode & 07777) < 0 || futimens(dir, times) < 0)
		return error_errno(err, "attributes of the root");
	return 0;
}

int layers_inherit_root(struct agent *agent, struct error *err)
{
	autoclose int upper = open(AGENT_UPPER, O_RDONLY | O_DIRECTORY |
							O_NOFOLLOW | O_CLOEXEC);

	if (upper < 0)
		return error_errno(err, "open '%s'", AGENT_UPPER);
	if (inherit_root(agent, upper, err) < 0)
		return error_prefix(err, "attributes of the root");
	if (upper_root_capture(&agent->root, upper, err) < 0)
		return -1;
	return mark_root(agent, err);
}
