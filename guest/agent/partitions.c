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
#define WHITEOUTS      "whiteouts" /* see host/layer/squash.h */
#define MOUNT_PATH_MAX 64	   /* bytes, MOUNTS and two numbers */

static void path_of(char path[MOUNT_PATH_MAX], unsigned partition,
		    const char *below)
{
	(void)snprintf(path, MOUNT_PATH_MAX, MOUNTS "/%u%s", partition, below);
}

static int mount_partition(const char *disk, unsigned partition,
			   struct error *err)
{
	char device[DEVICE_PATH_MAX];
	char path[MOUNT_PATH_MAX];

	(void)snprintf(device, sizeof(device), "%s%u", disk, partition);
	path_of(path, partition, "");
	if (device_wait_node(device, err) < 0)
		return -1;
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

int partitions_show(const struct message_layer *layer, const char *path,
		    struct error *err)
{
	char place[24];
	char from[MOUNT_PATH_MAX];

	(void)snprintf(place, sizeof(place), "/%u", layer->place);
	path_of(from, layer->partition, place);
	if (mount(from, path, NULL, MS_BIND, NULL) < 0)
		return error_errno(err, "bind '%s' to '%s'", from, path);
	return 0;
}

int partitions_put_below(const struct message_plan *plan, const bool *left_out,
			 struct error *err)
{
	bool has[MESSAGE_PARTITIONS_MAX] = { false };
	bool hidden[MESSAGE_PARTITIONS_MAX] = { false };

	for (size_t i = 0; i < plan->layer_count; i++) {
		const struct message_layer *layer = &plan->layers[i];

		if (layer->kind != KIND_SQUASHFS || !layer->whiteouts)
			continue;
		has[layer->partition - 1] = true;
		hidden[layer->partition - 1] |= left_out[i];
	}
	for (unsigned i = 0; i < MESSAGE_PARTITIONS_MAX; i++) {
		char path[MOUNT_PATH_MAX];

		if (!has[i] || hidden[i])
			continue;
		path_of(path, i + 1, "/" WHITEOUTS);
		if (overlay_put_below(path, err) < 0)
			return -1;
	}
	return 0;
}
