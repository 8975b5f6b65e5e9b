/* SPDX-License-Identifier: MIT */
/* doctor.h - overlayvm doctor: would a run work here, and what if not */
#ifndef HOST_CLI_DOCTOR_H
#define HOST_CLI_DOCTOR_H

#include "guest/shared/error.h"
#include "host/cli/usage.h"

/*
 * Returns 0 only if a run works; else STATUS_FAILED, with *err filled in.
 */
int doctor_command(int argc, char **argv, struct error *err);

/* Its options; for the completions. */
const struct usage *doctor_usage(void);

#endif
