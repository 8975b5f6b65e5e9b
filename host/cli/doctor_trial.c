/* SPDX-License-Identifier: MIT */
/* doctor_trial.c - see doctor_trial.h */
#include "host/cli/doctor_trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/plan/surroundings.h"
#include "host/run/run.h"

int doctor_trial_plan(struct plan *plan, struct error *err)
{
	struct surroundings around;
	struct request request = {
		.name = (char *)"doctor",
		.timeout = (char *)"600",
	};

	request.hooks[HOOK_POST_MOUNT] = (char *)"echo well >mnt/doctor";
	surroundings_read(&around);
	around.source_date_epoch = NULL;
	return plan_make(plan, &request, &around, err);
}

static void describe(struct doctor_trial *trial,
		     const struct run_result *result)
{
	const struct timeline *timeline = &result->timeline;
	uint64_t end = 0;

	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_step *step = &timeline->steps[i];

		end = step->end > end ? step->end : end;
		if (strcmp(step->name, "restore the guest") == 0)
			trial->restored = true;
	}
	trial->seconds = (double)end / 1e9;
	trial->kvm = result->kvm;
	/* The root is there too, as the file has changed its time. */
	trial->ok = result->layer_count == 1 &&
		    result->layers[0].summary.entries >= 1;
	if (!trial->ok)
		(void)snprintf(trial->why_not, sizeof(trial->why_not),
			       "the layer has not the file that the hook made");
}

static void note(void *ctx, const char *text)
{
	struct doctor_trial *trial = ctx;

	if (!*trial->note)
		(void)snprintf(trial->note, sizeof(trial->note), "%.*s",
			       (int)sizeof(trial->note) - 1, text);
}

int doctor_trial_run(struct doctor_trial *trial, struct interrupt *interrupt,
		     struct error *err)
{
	const struct run_events events = { .note = note, .ctx = trial };
	AUTO(run_result) result = { 0 };
	AUTO(plan) plan = { 0 };

	if (doctor_trial_plan(&plan, err) < 0)
		return -1;
	trial->done = true;
	if (run_execute(&plan, &events, interrupt, &result, err) == 0)
		describe(trial, &result);
	else
		(void)snprintf(trial->why_not, sizeof(trial->why_not), "%.*s",
			       (int)sizeof(trial->why_not) - 1, err->msg);
	return interrupt_pending(interrupt) ? -1 : 0;
}
