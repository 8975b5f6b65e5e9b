/* SPDX-License-Identifier: MIT */
/* run.c - see run.h */
#include "host/cli/run.h"

#include <errno.h>
#include <stdio.h>

#include "host/cli/options.h"
#include "host/cli/outcome.h"
#include "host/cli/progress.h"
#include "host/run/failure.h"
#include "host/run/interrupt.h"
#include "host/text/escape.h"

/* A run, or what --dry-run shows instead, and what the user sees of it. */
struct running {
	const struct overlayvm_plan *plan;
	struct interrupt interrupt;
	struct progress progress;
	struct overlayvm_result *result; /* owned by run_command() */
};

static int dry_run(struct running *running, struct error *err)
{
	struct overlayvm_events events = progress_events(&running->progress);
	struct overlayvm_error why;
	char *text =
		overlayvm_preview(running->plan, &events, running->interrupt.fd,
				  &running->result, &why);

	return outcome_print(text, &why, err);
}

static int execute(struct running *running, struct error *err)
{
	struct overlayvm_events events = progress_events(&running->progress);
	struct overlayvm_error why;
	int status =
		overlayvm_run(running->plan, &events, running->interrupt.fd,
			      &running->result, &why);

	if (status < 0)
		(void)outcome_error(err, &why);
	if (overlayvm_result_layer_count(running->result) > 0)
		progress_sum_up(&running->progress, running->result);
	return status;
}

static int start_progress(struct running *running, struct error *err)
{
	struct overlayvm_error why;
	autofree char *kind =
		overlayvm_plan_get(running->plan, "progress", &why);

	if (!kind)
		return outcome_error(err, &why);
	progress_start(&running->progress, kind, stderr);
	return 0;
}

static int print_spec(const struct overlayvm_plan *plan, struct error *err)
{
	struct overlayvm_error why;
	char *text = overlayvm_plan_spec(plan, &why);

	if (outcome_print(text, &why, err) < 0)
		return text ? -1 : error_prefix(err, "--print-spec");
	return 0;
}

static int print_schema(struct error *err)
{
	struct overlayvm_error why;

	return outcome_print(overlayvm_schema(&why), &why, err);
}

/* Of a run that has failed; the message is in *err. */
static int exit_status(struct running *running, const struct error *err)
{
	int status;

	if (!running->result)
		return STATUS_FAILED;
	if (overlayvm_result_class(running->result) == OVERLAYVM_CANCELLED &&
	    interrupt_pending(&running->interrupt)) {
		fputs("overlayvm: ", stderr);
		escape_print_line(err->msg, stderr);
		overlayvm_result_free(running->result);
		interrupt_die(&running->interrupt);
	}
	status = overlayvm_result_status(running->result);
	return status ? status : STATUS_FAILED;
}

static int run(struct running *running, bool dry, struct error *err)
{
	if (interrupt_open(&running->interrupt, err) < 0 ||
	    start_progress(running, err) < 0)
		return STATUS_FAILED;
	if ((dry ? dry_run : execute)(running, err) < 0)
		return exit_status(running, err);
	return 0;
}

int run_command(int argc, char **argv, struct error *err)
{
	AUTO(options) options = { 0 };
	struct overlayvm_error why;
	autoplan struct overlayvm_plan *plan = NULL;
	struct running running = { 0 };
	int status;

	if (options_parse(&options, options_of_run(), argc, argv, err) < 0)
		return STATUS_FAILED;
	if (options.help) {
		options_print_help(stdout);
		return 0;
	}
	if (options.print_schema)
		return print_schema(err) < 0 ? STATUS_FAILED : 0;
	plan = overlayvm_plan_new(options.request, &why);
	if (!plan) {
		(void)outcome_error(err, &why);
		return STATUS_FAILED;
	}
	if (options.print_spec)
		return print_spec(plan, err) < 0 ? STATUS_FAILED : 0;
	running.plan = plan;
	status = run(&running, options.dry_run, err);
	overlayvm_result_free(running.result);
	return status;
}
