/* SPDX-License-Identifier: MIT */
/* beat.h - the host is told that the guest is alive, however long it takes */
#ifndef GUEST_AGENT_BEAT_H
#define GUEST_AGENT_BEAT_H

#include "guest/shared/frame.h"

/* For whoever waits: how long at most, before beat() is called again. */
#define BEAT_MS (FRAME_BEAT_EVERY * 1000) /* milliseconds */

/*
 * From now on beats go to this descriptor, which stays the caller's: there is a
 * plan. Before that beat() does nothing.
 */
void beat_over(int fd);

/*
 * Send BEAT, if the last was FRAME_BEAT_EVERY seconds ago. To be called between
 * frames, by everything that may take long; it costs a look at the clock. A
 * channel that is broken shows at the next frame that matters.
 */
void beat(void);

/* The same, as a callback. */
void beat_as_it_goes(void *context);

#endif
