/* SPDX-License-Identifier: MIT */
/* trace.h - the steps of a run, to be looked at */
#ifndef HOST_LIBRARY_TRACE_H
#define HOST_LIBRARY_TRACE_H

#include "guest/shared/error.h"
#include "host/run/timeline.h"

/*
 * Write the timeline to `path` in the Trace Event Format of Chrome, which
 * Perfetto and chrome://tracing show: one row for the host, one for the guest.
 * Fails as output_put() does, and with ENOMEM.
 */
int trace_write(const char *path, const struct timeline *timeline,
		struct error *err);

#endif
