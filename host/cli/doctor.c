/* SPDX-License-Identifier: MIT */
/* doctor.c - see doctor.h */
#include "host/cli/doctor.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/cli/doctor_checks.h"
#include "host/cli/doctor_facts.h"
#include "host/text/escape.h"
#include "host/cli/json_print.h"
#include "host/plan/plan.h"
#include "host/plan/surroundings.h"
#include "host/run/failure.h"
#include "host/run/run.h"

static const char about[] =
	"Usage: overlayvm doctor [OPTION]...\n"
	"\n"
	"Say what this machine has of what a run needs, what is missing, and "
	"the\n"
	"command that cures it; then do a small run. The status is 0 if a run "
	"works.\n"
	"\n";

enum option_index { OPTION_JSON, OPTION_NO_RUN, OPTION_HELP };

static const struct usage_option options[] = {
	[OPTION_JSON] = { "json", 0, NULL, "say it as JSON", NULL },
	[OPTION_NO_RUN] = { "no-run", 0, NULL,
			    "only look, and start no virtual machine", NULL },
	[OPTION_HELP] = { "help", 0, NULL, "print this", NULL },
};
static const struct usage usage = { "doctor", options, COUNT_OF(options) };

const struct usage *doctor_usage(void)
{
	return &usage;
}

/* What was typed. */
struct wanted {
	bool given[COUNT_OF(options)];
};

/* The run at the end. */
struct trial {
	bool done; /* it was tried */
	bool ok;
	double seconds;
	bool kvm;
	bool restored; /* from a template */
	char why_not[512];
	char note[512]; /* the first, if the user should know something */
};

static int parse(struct wanted *wanted, int argc, char **argv,
		 struct error *err)
{
	const char *value;
	bool first = true;
	int i;

	while ((i = usage_next(&usage, first, argc, argv, &value, err)) >= 0) {
		wanted->given[i] = true;
		first = false;
	}
	if (i == USAGE_REFUSED)
		return -1;
	if (optind < argc)
		return error_set(err, EINVAL,
				 "doctor: unexpected argument '%s' (try "
				 "'overlayvm doctor --help')",
				 argv[optind]);
	return 0;
}

/* A hook that makes one file, in no image: all parts of a run but an image. */
static int make_plan(struct plan *plan, struct error *err)
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

static void describe(struct trial *trial, const struct run_result *result)
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
	struct trial *trial = ctx;

	if (!*trial->note)
		(void)snprintf(trial->note, sizeof(trial->note), "%.*s",
			       (int)sizeof(trial->note) - 1, text);
}

static int try_run(struct trial *trial, struct interrupt *interrupt,
		   struct error *err)
{
	const struct run_events events = { .note = note, .ctx = trial };
	AUTO(run_result) result = { 0 };
	AUTO(plan) plan = { 0 };

	if (make_plan(&plan, err) < 0)
		return -1;
	trial->done = true;
	if (run_execute(&plan, &events, interrupt, &result, err) == 0)
		describe(trial, &result);
	else
		(void)snprintf(trial->why_not, sizeof(trial->why_not), "%.*s",
			       (int)sizeof(trial->why_not) - 1, err->msg);
	return interrupt_pending(interrupt) ? -1 : 0;
}

static void print_line(const char *mark, const char *color, const char *name,
		       const char *text)
{
	bool colored = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");

	printf("%s%-7s%s  %-15s  ", colored ? color : "", mark,
	       colored ? "\033[0m" : "", name);
	escape_print_line(text, stdout);
}

static const char *color_of(enum doctor_verdict verdict)
{
	static const char *const colors[] = {
		[DOCTOR_OK] = "\033[32m",
		[DOCTOR_WORSE] = "\033[33m",
		[DOCTOR_MISSING] = "\033[31m",
	};

	return colors[verdict];
}

static void print_checks(const struct doctor_check *checks)
{
	for (size_t i = 0; i < DOCTOR_CHECKS; i++) {
		print_line(doctor_verdict_name(checks[i].verdict),
			   color_of(checks[i].verdict), checks[i].name,
			   checks[i].text);
		if (checks[i].cure)
			printf("%26s%s\n", "", checks[i].cure);
	}
}

static void print_trial(const struct trial *trial)
{
	char text[128];

	if (!trial->done)
		return;
	if (*trial->note)
		print_line(doctor_verdict_name(DOCTOR_WORSE),
			   color_of(DOCTOR_WORSE), "a run", trial->note);
	(void)snprintf(text, sizeof(text), "%.2f s, %s, %s", trial->seconds,
		       trial->kvm ? "KVM" : "emulated",
		       trial->restored ? "from a template" : "booted");
	print_line(trial->ok ? "ok" : "missing",
		   color_of(trial->ok ? DOCTOR_OK : DOCTOR_MISSING), "a run",
		   trial->ok ? text : trial->why_not);
}

static void put_text(struct json_object *object, const char *key,
		     const char *text)
{
	json_add(object, key, text ? json_make_string(text) : NULL);
}

static struct json_object *checks_json(const struct doctor_check *checks)
{
	struct json_object *list = json_make_array();

	for (size_t i = 0; i < DOCTOR_CHECKS; i++) {
		struct json_object *check = json_make_object();

		put_text(check, "name", checks[i].name);
		put_text(check, "verdict",
			 doctor_verdict_name(checks[i].verdict));
		put_text(check, "text", checks[i].text);
		put_text(check, "cure", checks[i].cure);
		json_append(list, check);
	}
	return list;
}

static struct json_object *trial_json(const struct trial *trial)
{
	struct json_object *run = json_make_object();

	put_text(run, "note", *trial->note ? trial->note : NULL);
	json_add(run, "ok", json_make_bool(trial->ok));
	if (trial->ok) {
		json_add(run, "seconds", json_make_double(trial->seconds));
		put_text(run, "accel", trial->kvm ? "kvm" : "tcg");
		json_add(run, "template", json_make_bool(trial->restored));
	} else {
		put_text(run, "cause", trial->why_not);
	}
	return run;
}

static int print_json(const struct doctor_check *checks,
		      const struct trial *trial, bool works, struct error *err)
{
	autojson struct json_object *all = json_make_object();

	if (!all)
		return error_set(err, ENOMEM, "out of memory");
	json_add(all, "ok", json_make_bool(works));
	json_add(all, "checks", checks_json(checks));
	json_add(all, "run", trial->done ? trial_json(trial) : NULL);
	return json_print(all, err);
}

static const char *first_missing(const struct doctor_check *checks)
{
	for (size_t i = 0; i < DOCTOR_CHECKS; i++)
		if (checks[i].verdict == DOCTOR_MISSING)
			return checks[i].name;
	return NULL;
}

static int examine(const struct wanted *wanted, struct interrupt *interrupt,
		   struct error *err)
{
	struct doctor_check checks[DOCTOR_CHECKS];
	struct doctor_facts facts;
	struct trial trial = { 0 };
	const char *missing;

	doctor_find(&facts);
	doctor_judge(&facts, checks);
	missing = first_missing(checks);
	if (!wanted->given[OPTION_JSON])
		print_checks(checks);
	(void)fflush(stdout);
	if (!missing && !wanted->given[OPTION_NO_RUN] &&
	    try_run(&trial, interrupt, err) < 0)
		return -1;
	if (!wanted->given[OPTION_JSON])
		print_trial(&trial);
	else if (print_json(checks, &trial,
			    !missing && (trial.ok || !trial.done), err) < 0)
		return -1;
	if (missing)
		return error_set(err, ENOENT, "doctor: no run works here: %s",
				 missing);
	if (trial.done && !trial.ok)
		return error_set(err, EIO, "doctor: no run works here: %.400s",
				 trial.why_not);
	return 0;
}

int doctor_command(int argc, char **argv, struct error *err)
{
	struct wanted wanted = { 0 };
	struct interrupt interrupt;
	int status;

	if (parse(&wanted, argc, argv, err) < 0)
		return STATUS_FAILED;
	if (wanted.given[OPTION_HELP]) {
		fputs(about, stdout);
		usage_print_options(&usage, stdout);
		return 0;
	}
	if (interrupt_open(&interrupt, err) < 0)
		return STATUS_FAILED;
	status = examine(&wanted, &interrupt, err);
	if (interrupt_pending(&interrupt))
		interrupt_die(&interrupt);
	return status < 0 ? STATUS_FAILED : 0;
}
