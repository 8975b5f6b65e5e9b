/* SPDX-License-Identifier: MIT */
/* cancel.h - signals that wait until nothing half-made is left */
#ifndef IMAGES_CANCEL_H
#define IMAGES_CANCEL_H

#include <signal.h>

#include "guest/shared/error.h"

/*
 * Hold back SIGHUP, SIGINT, SIGQUIT and SIGTERM. What works meanwhile asks
 * cancel_check() now and then and, after a -1, cleans up and returns as after
 * any failure; cancel_release() then lets the signal through, and the process
 * dies of it as its parent expects.
 */
void cancel_hold(sigset_t *before);

/* -1 with EINTR ("interrupted") if one of them has arrived. */
int cancel_check(struct error *err);

void cancel_release(const sigset_t *before);

#endif
