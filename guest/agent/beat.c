/* SPDX-License-Identifier: MIT */
/* beat.c - see beat.h */
#include "guest/agent/beat.h"

#include <time.h>

/* The one channel that an agent has; a process that it forks has none. */
static int channel = -1;
static time_t last; /* seconds */

static time_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
	return time.tv_sec;
}

void beat_over(int fd)
{
	channel = fd;
	last = now();
}

void beat(void)
{
	struct error ignored;

	if (channel < 0 || now() - last < FRAME_BEAT_EVERY)
		return;
	last = now();
	(void)frame_send(channel, FRAME_BEAT, NULL, 0, &ignored);
}

void beat_as_it_goes(void *context)
{
	(void)context;
	beat();
}
