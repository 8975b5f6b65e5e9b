/* SPDX-License-Identifier: MIT */
/* deadline.h - a moment on the monotonic clock */
#ifndef HOST_RUN_DEADLINE_H
#define HOST_RUN_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds of CLOCK_MONOTONIC: the wall clock may jump during a run. */
uint64_t clock_now(void);

/* 0 is a deadline that never comes. */
struct deadline {
	uint64_t at; /* nanoseconds, as clock_now() */
};

/* `seconds` from now; never for 0. */
struct deadline deadline_in(uint64_t seconds);

bool deadline_passed(struct deadline deadline);

/* Milliseconds for poll(2): -1 for never, 0 when it has passed. */
int deadline_poll(struct deadline deadline);

/* The one that comes first. */
struct deadline deadline_first(struct deadline a, struct deadline b);

#endif
