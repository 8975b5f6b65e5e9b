/* SPDX-License-Identifier: MIT */
/* partitions.c - see partitions.h */
#include "guest/agent/partitions.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "guest/agent/agent.h"
#include "guest/agent/device.h"
#include "guest/agent/overlay.h"
#include "guest/shared/cleanup.h"

#define MOUNTS	       AGENT_RUN "/prepared"
#define WHITEOUTS      "whiteouts/" /* see host/layer/squash.h */
#define MOUNT_PATH_MAX 64	    /* bytes, MOUNTS and two numbers */

static void path_of(char path[MOUNT_PATH_MAX], unsigned partition,
		    const char *below, unsigned place)
{
	(void)snprintf(path, MOUNT_PATH_MAX, MOUNTS "/%u/%s%u", partition,
		       below, place);
}

static int mount_partition(const char *disk, unsigned partition,
			   struct error *err)
{
	char device[DEVICE_PATH_MAX];
	char path[MOUNT_PATH_MAX];

	(void)snprintf(device, sizeof(device), "%s%u", disk, partition);
	(void)snprintf(path, sizeof(path), MOUNTS "/%u", partition);
	if (mkdir(path, 0755) < 0)
		return error_errno(err, "make directory '%s'", path);
	if (mount(device, path, "squashfs", MS_RDONLY, NULL) < 0)
		return error_errno(err, "mount '%s' on '%s'", device, path);
	return 0;
}

int partitions_mount(const struct message_plan *plan, const char *disk,
		     struct error *err)
{
	bool mounted[MESSAGE_PARTITIONS_MAX] = { false };

	if (mkdir(MOUNTS, 0755) < 0)
		return error_errno(err, "make directory '%s'", MOUNTS);
	for (size_t i = 0; i < plan->layer_count; i++) {
		const struct message_layer *layer = &plan->layers[i];

		if (layer->kind != KIND_SQUASHFS ||
		    mounted[layer->partition - 1])
			continue;
		if (mount_partition(disk, layer->partition, err) < 0)
			return -1;
		mounted[layer->partition - 1] = true;
	}
	return 0;
}

int partitions_show(const struct message_layer *layer, size_t number,
		    struct error *err)
{
	char from[MOUNT_PATH_MAX];
	char path[OVERLAY_LAYER_MAX];

	path_of(from, layer->partition, "", layer->place);
	overlay_layer_path(path, number);
	if (mount(from, path, NULL, MS_BIND, NULL) < 0)
		return error_errno(err, "bind '%s' to '%s'", from, path);
	if (!layer->whiteouts)
		return 0;
	path_of(from, layer->partition, WHITEOUTS, layer->place);
	return overlay_put_below(number, from, err);
}
