/* SPDX-License-Identifier: MIT */
/* run.c - see run.h */
#include "host/cli/run.h"

#include <stdio.h>
#include <string.h>

#include "guest/shared/json.h"
#include "host/text/escape.h"
#include "host/cli/options.h"
#include "host/cli/json_print.h"
#include "host/cli/progress.h"
#include "host/library/report.h"
#include "host/cli/run_print.h"
#include "host/library/trace.h"
#include "host/plan/plan.h"
#include "host/plan/surroundings.h"
#include "host/run/interrupt.h"
#include "host/run/run.h"

static int dry_run(const struct plan *plan, struct progress *progress,
		   struct interrupt *interrupt, struct run_result *result,
		   struct error *err)
{
	autojson struct json_object *json = NULL;
	struct run_events events = progress_events(progress);

	events.step = NULL;
	events.step_end = NULL;
	if (run_preview(plan, &events, interrupt, result, &json, err) < 0) {
		progress_finish(progress);
		return -1;
	}
	progress_finish(progress);
	return json_print(json, err);
}

/* Beside what the failed run has left. */
static void keep_report(const struct plan *plan,
			const struct run_result *result,
			const struct error *cause)
{
	autofree char *path = NULL;
	struct error ignored;

	if (asprintf(&path, "%s/report.json", plan->keep_failed) < 0)
		path = NULL;
	if (path)
		(void)report_write(path, plan, result, cause->msg, &ignored);
}

static int execute(const struct plan *plan, struct progress *progress,
		   struct interrupt *interrupt, struct run_result *result,
		   struct error *err)
{
	struct run_events events = progress_events(progress);
	struct error ignored;
	int status = run_execute(plan, &events, interrupt, result, err);

	progress_finish(progress);
	if (status == 0)
		progress_sum_up(progress, result);
	if (plan->trace && !result->no_report &&
	    trace_write(plan->trace, &result->timeline,
			status < 0 ? &ignored : err) < 0)
		status = -1;
	if (result->kept)
		keep_report(plan, result, err);
	if (!plan->report || result->no_report)
		return status;
	/* A report that cannot be written does not hide what it reports. */
	if (report_write(plan->report, plan, result,
			 status < 0 ? err->msg : NULL,
			 status < 0 ? &ignored : err) < 0)
		return -1;
	return status;
}

static int decide(struct plan *plan, const struct options *options,
		  struct error *err)
{
	struct surroundings surroundings;

	surroundings_read(&surroundings);
	return plan_make(plan, &options->request, &surroundings, err);
}

int run_command(int argc, char **argv, struct error *err)
{
	AUTO(options) options = { 0 };
	AUTO(plan) plan = { 0 };
	struct interrupt interrupt;
	struct progress progress;
	AUTO(run_result) result = { 0 };
	int status;

	if (options_parse(&options, options_of_run(), argc, argv, err) < 0)
		return STATUS_FAILED;
	if (options.help) {
		options_print_help(stdout);
		return 0;
	}
	if (options.print_schema)
		return run_print_schema(err) < 0 ? STATUS_FAILED : 0;
	if (decide(&plan, &options, err) < 0) {
		(void)error_prefix(err, "plan");
		return STATUS_FAILED;
	}
	if (options.print_spec)
		return run_print_spec(&plan, err) < 0 ? STATUS_FAILED : 0;
	if (interrupt_open(&interrupt, err) < 0)
		return STATUS_FAILED;
	progress_start(&progress, plan.progress, stderr);

	status = options.dry_run
			 ? dry_run(&plan, &progress, &interrupt, &result, err)
			 : execute(&plan, &progress, &interrupt, &result, err);
	if (status < 0 && result.class == FAILURE_CANCELLED) {
		fputs("overlayvm: ", stderr);
		escape_print_line(err->msg, stderr);
		interrupt_die(&interrupt);
	}
	if (status < 0)
		return result.status ? result.status : STATUS_FAILED;
	return 0;
}
