/* SPDX-License-Identifier: MIT */
/* doctor_trial.h - the small run that shows that one works */
#ifndef HOST_CLI_DOCTOR_TRIAL_H
#define HOST_CLI_DOCTOR_TRIAL_H

#include <stdbool.h>

#include "guest/shared/error.h"
#include "host/plan/plan.h"
#include "host/run/interrupt.h"

struct doctor_trial {
	bool done; /* it was tried */
	bool ok;
	double seconds;
	bool kvm;
	bool restored; /* from a template */
	char why_not[512];
	char note[512]; /* the first, if the user should know something */
};

/*
 * A hook that makes one file, in no image: all parts of a run but an image,
 * with the default sizes. Fails as plan_make() does.
 */
int doctor_trial_plan(struct plan *plan, struct error *err);

/*
 * Do it, and say how it went. -1 if there can be no plan, or if a signal came;
 * that it fails is none of these.
 */
int doctor_trial_run(struct doctor_trial *trial, struct interrupt *interrupt,
		     struct error *err);

#endif
