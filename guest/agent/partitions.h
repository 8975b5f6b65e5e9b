/* SPDX-License-Identifier: MIT */
/* partitions.h - layers that the host has prepared: mounted, not unpacked */
#ifndef GUEST_AGENT_PARTITIONS_H
#define GUEST_AGENT_PARTITIONS_H

#include <stddef.h>

#include "guest/shared/error.h"
#include "guest/shared/message.h"

/*
 * Mount the file systems that the layers of the plan lie in, read-only and out
 * of the hooks' way. `disk` is the path of the layers disk,
 * whose partitions the kernel has found.
 */
int partitions_mount(const struct message_plan *plan, const char *disk,
		     struct error *err);

/* Show the layer with this number, which is a squashfs, at its place, and tell
 * the overlay of what goes below it. */
int partitions_show(const struct message_layer *layer, size_t number,
		    struct error *err);

#endif
