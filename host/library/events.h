/* SPDX-License-Identifier: MIT */
/* events.h - what a run tells, as the caller hears it */
#ifndef HOST_LIBRARY_EVENTS_H
#define HOST_LIBRARY_EVENTS_H

#include "host/library/overlayvm.h"
#include "host/run/run.h"

/*
 * A copy of what the caller has given: all NULL where that is NULL, and so is
 * what a caller of an older header does not have.
 */
struct overlayvm_events events_copy(const struct overlayvm_events *events);

/* A run's end of them; borrows `events`, which must not move. */
struct run_events events_of_run(struct overlayvm_events *events);

#endif
