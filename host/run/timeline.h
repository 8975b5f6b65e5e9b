/* SPDX-License-Identifier: MIT */
/* timeline.h - the steps of a run and how long each took */
#ifndef HOST_RUN_TIMELINE_H
#define HOST_RUN_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A hostile agent may announce steps without end: of those beyond this only
 * the last is kept. */
#define TIMELINE_STEPS_MAX 256
#define TIMELINE_NAME_MAX  96 /* bytes, with the terminator */

struct timeline_step {
	char name[TIMELINE_NAME_MAX];
	bool guest;	/* the agent announced it; else a step of the host */
	uint64_t start; /* nanoseconds since the start of the run */
	uint64_t end;	/* as start; 0 while it lasts */
};

struct timeline {
	uint64_t origin; /* clock_now() at the start of the run */
	struct timeline_step steps[TIMELINE_STEPS_MAX];
	size_t count;
};

void timeline_start(struct timeline *timeline);

/* A step begins; the one before it has ended. Guest and host use one clock.
 * Returns the step, as long as no other begins. */
const struct timeline_step *timeline_step(struct timeline *timeline,
					  const char *name, bool guest);

/* The last step has ended. Returns it; NULL if none was under way. */
const struct timeline_step *timeline_stop(struct timeline *timeline);

#endif
