/* SPDX-License-Identifier: MIT */
/* assignment.h - what the agent is told to do: the PLAN message of a run */
#ifndef HOST_RUN_ASSIGNMENT_H
#define HOST_RUN_ASSIGNMENT_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"
#include "host/image/image.h"
#include "host/plan/plan.h"
#include "host/run/handover.h"
#include "host/run/layering.h"
#include "host/vm/layers_disk.h"

/*
 * The message, and the extents of the layers disk that it speaks of. First
 * those of prepared layers and of inputs, if there are any between a partition
 * table and its copy; then, before the copy, the tars. A layer without bytes has no extent:
 * a disk has no room for nothing.
 */
struct assignment {
	struct message_plan plan;	    /* owned */
	struct layers_disk_extent *extents; /* owned; paths are borrowed */
	size_t extent_count;
	size_t partitions; /* how many of them are prepared layers and inputs */
};

/* Made of a plan, its image, and what was decided of its layers. ENOMEM. */
int assignment_make(struct assignment *assignment, const struct plan *plan,
		    const struct image *image, const struct layering *layering,
		    const struct handover *handover, struct error *err);

/*
 * Write the layers disk, if there is anything on it, as the file `name` and
 * others in the directory `dir`, and say in the message where the layers are.
 */
int assignment_write_disk(struct assignment *assignment, int dir,
			  const char *name, struct error *err);

void assignment_release(struct assignment *assignment);

DEFINE_AUTO(assignment, assignment_release)

#endif
