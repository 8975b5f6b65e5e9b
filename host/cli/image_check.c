/* SPDX-License-Identifier: MIT */
/* image_check.c - overlayvm image check, see image.h */
#include "host/cli/image.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "host/text/escape.h"
#include "host/cli/workplace.h"
#include "host/image/findings.h"
#include "host/image/image_lint.h"
#include "host/image/reference.h"
#include "host/layer/base.h"
#include "host/layer/lint.h"
#include "host/layer/opened.h"
#include "host/run/failure.h"

#define TRY	      "(try 'overlayvm image check --help')"
#define STATUS_BROKEN 1 /* exit status: rules are broken */

static const char about[] =
	"Usage: overlayvm image check [--all] IMAGE | LAYER\n"
	"       overlayvm image check --rules\n"
	"\n"
	"Say which rules an image, or the tar of a layer, breaks: those of\n"
	"the OCI image-spec, and what tools that read images stumble over.\n"
	"Each is one line, 'error: PLACE: RULE: what' or 'warning: ...'. The\n"
	"exit status is 1 if there are errors.\n"
	"\n";

static const char operands[] =
	"\n"
	"IMAGE is as for 'overlayvm run --from-image'. What has a\n"
	"manifest.json, an index.json or an oci-layout at its top is an\n"
	"image, unless it is given as rootfs-tar:PATH. Without a name all\n"
	"images of an archive are checked.\n";

enum option_index { OPTION_ALL, OPTION_RULES, OPTION_HELP };

static const struct usage_option table[] = {
	[OPTION_ALL] = { "all", 0, NULL,
			 "every place; without it, four for each rule and "
			 "layer",
			 NULL },
	[OPTION_RULES] = { "rules", 0, NULL, "print the rules", NULL },
	[OPTION_HELP] = { "help", 0, NULL, "print this", NULL },
};
static const struct usage usage = { "image check", table, COUNT_OF(table) };

const struct usage *image_check_usage(void)
{
	return &usage;
}

/* What was typed. */
struct options {
	const char *what;
	bool all;
	bool rules;
	bool help;
};

/* What the layers that have been checked show to the next one. */
struct check {
	struct findings findings;
	const struct image_work *work;
	struct base base;  /* owned */
	bool base_unknown; /* a layer could not be read */
};

static int take_arguments(struct options *options, int argc, char **argv,
			  struct error *err)
{
	if (options->help || options->rules)
		return 0;
	if (optind == argc)
		return error_set(err, EINVAL, "no image or layer given " TRY);
	if (optind + 1 < argc)
		return error_set(err, EINVAL,
				 "more than one image or layer given " TRY);
	options->what = argv[optind];
	return 0;
}

static int parse(struct options *options, int argc, char **argv,
		 struct error *err)
{
	const char *value;
	bool first = true;
	int i;

	while ((i = usage_next(&usage, first, argc, argv, &value, err)) >= 0) {
		first = false;
		options->all |= i == OPTION_ALL;
		options->rules |= i == OPTION_RULES;
		options->help |= i == OPTION_HELP;
	}
	return i == USAGE_REFUSED ? -1
				  : take_arguments(options, argc, argv, err);
}

static const char *severity_name(const struct rule *rule)
{
	return rule->severity == SEVERITY_ERROR ? "error" : "warning";
}

static void print_rules(void)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		printf("%-7s  %-19s  %s\n", severity_name(&rules[i]),
		       rules[i].name, rules[i].what);
}

static void print_bytes(const char *bytes)
{
	struct escape escape = { 0 };

	for (const char *c = bytes; *c; c++)
		escape_print(&escape, *c == '\n' ? "^J" : c, *c == '\n' ? 2 : 1,
			     stdout);
	escape_finish(&escape, stdout);
}

static void print_finding(void *context, const char *place,
			  const struct rule *rule, const char *what)
{
	(void)context;
	printf("%s: ", severity_name(rule));
	print_bytes(place);
	printf(": %s: ", rule->name);
	escape_print_line(what, stdout);
}

/* Why a layer cannot be laid on the others has been said by the check. */
static int add_to_base(struct check *check, const struct layer_source *source,
		       struct error *err)
{
	struct error why;

	if (check->base_unknown || base_add(&check->base, source, &why) == 0)
		return 0;
	check->base_unknown = true;
	if (why.code != ENOMEM)
		return 0;
	*err = why;
	return -1;
}

static void begin_image(void *context)
{
	struct check *check = context;

	base_release(&check->base);
	check->base_unknown = false;
}

static int check_layer(void *context, const struct image_lint_bytes *bytes,
		       struct error *err)
{
	struct check *check = context;
	const struct layer_source source = { bytes->fd, bytes->offset,
					     bytes->size };

	if (lint_layer(&source, check->base_unknown ? NULL : &check->base,
		       check->work, &check->findings, err) < 0)
		return -1;
	return add_to_base(check, &source, err);
}

static int check_image(struct check *check, const char *path, const char *name,
		       struct error *err)
{
	const struct image_lint_layers layers = { begin_image, check_layer,
						  check };
	AUTO(store) store = { 0 };

	if (store_open(&store, path, check->work, err) < 0)
		return -1;
	if (image_lint(&store, name, &layers, check->work, &check->findings,
		       err) < 0)
		return error_prefix(err, "image '%s'", path);
	return 0;
}

/* A file whose content says what it is, or one that is said to be a layer. */
static int check_file(struct check *check, const char *path, bool is_layer,
		      struct error *err)
{
	AUTO(opened) opened = { 0 };
	int status;

	if (opened_read(&opened, path, check->work, err) < 0)
		return -1;
	if (opened.is_image && !is_layer)
		return check_image(check, opened.path, NULL, err);
	findings_at(&check->findings, "%s", path);
	status = lint_layer(&opened.layer, NULL, check->work, &check->findings,
			    err);
	findings_end(&check->findings);
	return status < 0 ? error_prefix(err, "layer '%s'", path) : 0;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int check_what(struct check *check, const char *what, struct error *err)
{
	AUTO(reference) reference = { 0 };

	if (reference_parse(&reference, what, err) < 0)
		return error_prefix(err, "image '%s'", what);
	if (reference.form == REFERENCE_ROOTFS_TAR)
		return check_file(check, reference.path, true, err);
	if (reference.form == REFERENCE_PATH && !is_directory(reference.path))
		return check_file(check, reference.path, false, err);
	return check_image(check, reference.path, reference.name, err);
}

static int sum_up(const struct check *check, const char *what,
		  struct error *err)
{
	const struct findings *findings = &check->findings;

	if (findings->errors == 0)
		return 0;
	(void)error_set(err, EINVAL,
			"'%s' breaks rules: %" PRIu64 " error%s, %" PRIu64
			" warning%s",
			what, findings->errors,
			findings->errors == 1 ? "" : "s", findings->warnings,
			findings->warnings == 1 ? "" : "s");
	return STATUS_BROKEN;
}

static int check_all(const struct options *options, struct workplace *workplace,
		     struct error *err)
{
	struct check check = {
		.findings = { .report = print_finding,
			      .shown = options->all ? 0 : FINDINGS_SHOWN },
		.work = &workplace->work,
	};
	int status = STATUS_FAILED;

	if (workplace_open(workplace, err) == 0 &&
	    check_what(&check, options->what, err) == 0)
		status = sum_up(&check, options->what, err);
	base_release(&check.base);
	return status;
}

int image_check_command(int argc, char **argv, struct error *err)
{
	struct workplace workplace = WORKPLACE_NONE;
	struct options options = { 0 };
	int status;

	if (parse(&options, argc, argv, err) < 0)
		return STATUS_FAILED;
	if (options.help) {
		fputs(about, stdout);
		usage_print_options(&usage, stdout);
		fputs(operands, stdout);
		return 0;
	}
	if (options.rules) {
		print_rules();
		return 0;
	}
	status = check_all(&options, &workplace, err);
	return workplace_finish(&workplace, status, err);
}
