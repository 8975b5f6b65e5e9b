/* SPDX-License-Identifier: MIT */
/* doctor_print.c - see doctor_print.h */
#include "host/cli/doctor_print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/cli/json_print.h"
#include "host/text/escape.h"

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

void doctor_print_checks(const struct doctor_check *checks)
{
	for (size_t i = 0; i < DOCTOR_CHECKS; i++) {
		print_line(doctor_verdict_name(checks[i].verdict),
			   color_of(checks[i].verdict), checks[i].name,
			   checks[i].text);
		if (checks[i].cure)
			printf("%26s%s\n", "", checks[i].cure);
	}
}

void doctor_print_trial(const struct doctor_trial *trial)
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

static struct json_object *trial_json(const struct doctor_trial *trial)
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

int doctor_print_json(const struct doctor_check *checks,
		      const struct doctor_trial *trial, bool works,
		      struct error *err)
{
	autojson struct json_object *all = json_make_object();

	if (!all)
		return error_set(err, ENOMEM, "out of memory");
	json_add(all, "ok", json_make_bool(works));
	json_add(all, "checks", checks_json(checks));
	json_add(all, "run", trial->done ? trial_json(trial) : NULL);
	return json_print(all, err);
}
