/* SPDX-License-Identifier: MIT */
/* run.c - do what the plan says, see overlayvm.h */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/json.h"
#include "host/library/events.h"
#include "host/library/guard.h"
#include "host/library/handle.h"
#include "host/library/report.h"
#include "host/library/trace.h"
#include "host/run/failure.h"
#include "host/run/output.h"
#include "host/text/json_text.h"

/* What one call works with. */
struct call {
	const struct plan *plan;
	struct overlayvm_events events;
	struct run_events run_events; /* of `events` */
	struct interrupt interrupt;
	struct overlayvm_result *result; /* owned until it is given away */
	struct error err;
	struct guard guard;
};

/* -1: ENOMEM, and there is nothing to end. */
static int begin(struct call *call, const struct overlayvm_plan *plan,
		 const struct overlayvm_events *events, int cancel)
{
	*call = (struct call){
		.plan = &plan->plan,
		.events = events_copy(events),
		.interrupt = interrupt_of(cancel),
		.result = result_new(&call->err),
	};
	if (!call->result)
		return -1;
	call->run_events = events_of_run(&call->events);
	guard_begin(&call->guard);
	return 0;
}

static void tell_end(const struct call *call)
{
	if (call->events.end)
		call->events.end(call->events.context);
}

/* Give away what there is. The status is that of the call. */
static int end(struct call *call, int status, struct overlayvm_result **result,
	       struct overlayvm_error *err)
{
	struct error ignored;

	guard_end(&call->guard);
	if (status < 0)
		(void)error_give(err, &call->err);
	if (result_finish(call->result, status < 0 ? &ignored : &call->err) <
		    0 &&
	    status == 0)
		status = error_give(err, &call->err);
	if (result)
		*result = call->result;
	else
		overlayvm_result_free(call->result);
	return status < 0 ? -1 : 0;
}

/* A small file, named by the setting that wants it. */
static int put(const char *what, const char *path, const char *text,
	       struct error *err)
{
	if (!text)
		return error_set(err, ENOMEM, "%s: out of memory", what);
	if (output_put(path, text, strlen(text), err) < 0)
		return error_prefix(err, "%s", what);
	return 0;
}

/* Beside what the failed run has left. */
static void keep_report(const struct call *call)
{
	struct error ignored;
	autofree char *path = NULL;

	if (asprintf(&path, "%s/report.json", call->plan->keep_failed) < 0)
		path = NULL;
	if (path)
		(void)put("report", path, call->result->report, &ignored);
}

/*
 * Report and trace, where they are wanted; all are tried. Of a run that has
 * failed what cannot be written does not hide why.
 */
static int tell(struct call *call, int status)
{
	const struct plan *plan = call->plan;
	struct run_result *run = &call->result->run;
	struct error ignored = { 0 };
	struct error *err = status < 0 ? &ignored : &call->err;
	int told = 0;

	call->result->report =
		report_text(plan, run, status < 0 ? call->err.msg : NULL);
	if (run->kept)
		keep_report(call);
	if (run->no_report)
		return status;
	if (plan->trace)
		told = trace_write(plan->trace, &run->timeline, err);
	if (plan->report && put("report", plan->report, call->result->report,
				told < 0 ? &ignored : err) < 0)
		told = -1;
	if (told == 0 || status < 0)
		return status;
	run->class = FAILURE_HOST;
	run->status = STATUS_FAILED;
	return -1;
}

int overlayvm_run(const struct overlayvm_plan *plan,
		  const struct overlayvm_events *events, int cancel,
		  struct overlayvm_result **result, struct overlayvm_error *err)
{
	struct call call;
	int status;

	if (result)
		*result = NULL;
	if (begin(&call, plan, events, cancel) < 0)
		return error_give(err, &call.err);
	status = run_execute(call.plan, &call.run_events, &call.interrupt,
			     &call.result->run, &call.err);
	tell_end(&call);
	return end(&call, tell(&call, status), result, err);
}

/* NULL: ENOMEM, and *err says so. */
static char *text_of(struct json_object *json, struct error *err)
{
	char *text = json_text(json, JSON_TEXT_PRETTY);

	if (!text)
		(void)error_set(err, ENOMEM, "out of memory");
	return text;
}

/* What a run would show of its steps is not of this. */
static void mute_steps(struct call *call)
{
	call->run_events.step = NULL;
	call->run_events.step_end = NULL;
}

char *overlayvm_preview(const struct overlayvm_plan *plan,
			const struct overlayvm_events *events, int cancel,
			struct overlayvm_result **result,
			struct overlayvm_error *err)
{
	autojson struct json_object *json = NULL;
	struct call call;
	char *text = NULL;

	if (result)
		*result = NULL;
	if (begin(&call, plan, events, cancel) < 0)
		return error_give_null(err, &call.err);
	mute_steps(&call);
	if (run_preview(call.plan, &call.run_events, &call.interrupt,
			&call.result->run, &json, &call.err) == 0)
		text = text_of(json, &call.err);
	tell_end(&call);
	(void)end(&call, text ? 0 : -1, result, err);
	return text;
}
