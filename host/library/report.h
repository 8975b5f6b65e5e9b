/* SPDX-License-Identifier: MIT */
/* report.h - the JSON report of a run */
#ifndef HOST_LIBRARY_REPORT_H
#define HOST_LIBRARY_REPORT_H

#include "guest/shared/error.h"
#include "host/plan/plan.h"
#include "host/run/run.h"

/*
 * Write the report of a run, done or failed, to `path`, whole or not at
 * all; "-" is standard output. `cause` is the line of the failure, NULL if
 * there was none.
 */
int report_write(const char *path, const struct plan *plan,
		 const struct run_result *result, const char *cause,
		 struct error *err);

#endif
