/* SPDX-License-Identifier: MIT */
/* doctor.c - see doctor.h */
#include "host/cli/doctor.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "host/cli/doctor_checks.h"
#include "host/cli/doctor_facts.h"
#include "host/cli/doctor_print.h"
#include "host/cli/doctor_trial.h"
#include "host/run/failure.h"

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
	struct doctor_trial trial = { 0 };
	const char *missing;

	doctor_find(&facts);
	doctor_judge(&facts, checks);
	missing = first_missing(checks);
	if (!wanted->given[OPTION_JSON])
		doctor_print_checks(checks);
	(void)fflush(stdout);
	if (!missing && !wanted->given[OPTION_NO_RUN] &&
	    doctor_trial_run(&trial, interrupt, err) < 0)
		return -1;
	if (!wanted->given[OPTION_JSON])
		doctor_print_trial(&trial);
	else if (doctor_print_json(checks, &trial,
				   !missing && (trial.ok || !trial.done),
				   err) < 0)
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
