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
#include "host/vm/layers_disk.h"

/*
 * The message, and the extents of the layers disk that it speaks of. A layer
 * without bytes has no extent: a disk has no room for nothing.
 */
struct assignment {
	struct message_plan plan;	    /* owned */
	struct layers_disk_extent *extents; /* owned; paths are the image's */
	size_t extent_count;
};

/* Made of a plan and the verified layers of its image. ENOMEM. */
int assignment_make(struct assignment *assignment, const struct plan *plan,
		    const struct image *image, struct error *err);

/* The extents have their place on the disk: say it in the message. */
void assignment_place(struct assignment *assignment);

void assignment_release(struct assignment *assignment);

DEFINE_AUTO(assignment, assignment_release)

#endif
