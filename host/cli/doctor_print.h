/* SPDX-License-Identifier: MIT */
/* doctor_print.h - what doctor says, for people and for programs */
#ifndef HOST_CLI_DOCTOR_PRINT_H
#define HOST_CLI_DOCTOR_PRINT_H

#include <stdbool.h>

#include "guest/shared/error.h"
#include "host/cli/doctor_checks.h"
#include "host/cli/doctor_trial.h"

/* A line for each, with the cure below it. */
void doctor_print_checks(const struct doctor_check *checks);

/* The line of the run, if it was tried. */
void doctor_print_trial(const struct doctor_trial *trial);

/* All of it as JSON. Fails as json_print() does. */
int doctor_print_json(const struct doctor_check *checks,
		      const struct doctor_trial *trial, bool works,
		      struct error *err);

#endif
