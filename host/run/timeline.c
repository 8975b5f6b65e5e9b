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

void timeline_stop(struct timeline *timeline)
{
	struct timeline_step *last;

	if (timeline->count == 0)
		return;
	last = &timeline->steps[timeline->count - 1];
	if (last->end == 0)
		last->end = clock_now() - timeline->origin;
}

void timeline_step(struct timeline *timeline, const char *name, bool guest)
{
	struct timeline_step *step;

	timeline_stop(timeline);
	if (timeline->count == TIMELINE_STEPS_MAX)
		return;
	step = &timeline->steps[timeline->count++];
	*step = (struct timeline_step){
		.guest = guest,
		.start = clock_now() - timeline->origin,
	};
	(void)snprintf(step->name, sizeof(step->name), "%s", name);
}
