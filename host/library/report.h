/* SPDX-License-Identifier: MIT */
/* report.h - the JSON report of a run */
#ifndef HOST_LIBRARY_REPORT_H
#define HOST_LIBRARY_REPORT_H

#include "host/plan/plan.h"
#include "host/run/run.h"

/*
 * The report of a run, done or failed: JSON, laid out, and a newline. `cause`
 * is the line of the failure, NULL if there was none. The caller's to free;
 * NULL for want of memory.
 */
char *report_text(const struct plan *plan, const struct run_result *result,
		  const char *cause);

#endif
