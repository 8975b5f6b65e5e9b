/* SPDX-License-Identifier: MIT */
/* timeline.c - see timeline.h */
#include "host/run/timeline.h"

#include <stdio.h>

#include "host/run/deadline.h"

void timeline_start(struct timeline *timeline)
{
	timeline->origin = clock_now();
	timeline->count = 0;
}

const struct timeline_step *timeline_stop(struct timeline *timeline)
{
	struct timeline_step *last;

	if (timeline->count == 0)
		return NULL;
	last = &timeline->steps[timeline->count - 1];
	if (last->end != 0)
		return NULL;
	last->end = clock_now() - timeline->origin;
	return last;
}

const struct timeline_step *timeline_step(struct timeline *timeline,
					  const char *name, bool guest)
{
	struct timeline_step *step;

	(void)timeline_stop(timeline);
	if (timeline->count < TIMELINE_STEPS_MAX)
		timeline->count++;
	step = &timeline->steps[timeline->count - 1];
	*step = (struct timeline_step){
		.guest = guest,
		.start = clock_now() - timeline->origin,
	};
	(void)snprintf(step->name, sizeof(step->name), "%s", name);
	return step;
}
