/* SPDX-License-Identifier: MIT */
/* partitions.h - layers that the host has prepared: mounted, not unpacked */
#ifndef GUEST_AGENT_PARTITIONS_H
#define GUEST_AGENT_PARTITIONS_H

#include <stdbool.h>

#include "guest/shared/error.h"
#include "guest/shared/message.h"

/*
 * Mount the file systems that the layers of the plan lie in, read-only and out
 * of the hooks' way. `disk` is the path of the layers disk.
 */
int partitions_mount(const struct message_plan *plan, const char *disk,
		     struct error *err);

/* Show the layer, which is a squashfs, at `path`, a directory. */
int partitions_show(const struct message_layer *layer, const char *path,
		    struct error *err);

/*
 * Tell the overlay of the directories that go below all layers, where the
 * layers have whiteouts. But not if layers that are left out have some: their
 * directories would show, as nothing can hide what is below all.
 */
int partitions_put_below(const struct message_plan *plan, const bool *left_out,
			 struct error *err);

#endif
