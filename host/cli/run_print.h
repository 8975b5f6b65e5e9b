/* SPDX-License-Identifier: MIT */
/* run_print.h - what overlayvm run prints instead of running */
#ifndef HOST_CLI_RUN_PRINT_H
#define HOST_CLI_RUN_PRINT_H

#include "guest/shared/error.h"
#include "host/plan/plan.h"

/*
 * The plan as a spec, defaults filled in, on standard output. EILSEQ for what
 * is not UTF-8 text: a spec cannot say it; ENOMEM.
 */
int run_print_spec(const struct plan *plan, struct error *err);

/* The JSON Schema of specs. */
int run_print_schema(struct error *err);

#endif
