/* SPDX-License-Identifier: MIT */
/* hash.c - see hash.h */
#include "host/cli/hash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/cli/json_print.h"
#include "host/cli/options.h"
#include "host/cli/outcome.h"
#include "host/run/failure.h"
#include "host/run/interrupt.h"
#include "host/text/escape.h"

#define INPUTS_DEPTH 32 /* of JSON that we have made ourselves */

static void print_help(void)
{
	fputs("Usage: overlayvm hash [OPTION]...\n\n"
	      "Print the digest of everything that the layer of such a run "
	      "depends on: its\nspec, the image, the hooks, the guest image. "
	      "Nothing is run. The options are\nthose of 'overlayvm run'; "
	      "what does not decide the bytes of the layer, such as\n"
	      "--output, --memory or --progress, does not change the "
	      "digest.\n\n",
	      stdout);
	usage_print_options(options_of_hash(), stdout);
}

static void warn(void *context, const char *message)
{
	(void)context;
	(void)fputs("overlayvm: warning: ", stderr);
	escape_print_line(message, stderr);
}

static int print(const char *digest, const char *inputs, bool json,
		 struct error *err)
{
	autojson struct json_object *all = NULL;
	struct json_object *parsed;

	if (!json)
		return puts(digest) < 0
			       ? error_errno(err, "write to standard output")
			       : 0;
	parsed = json_parse(inputs, strlen(inputs), INPUTS_DEPTH, err);
	if (!parsed)
		return -1;
	all = json_make_object();
	json_add(all, "digest", json_make_string(digest));
	json_add(all, "inputs", parsed);
	return json_print(all, err);
}

static int hash(const struct options *options, struct interrupt *interrupt,
		struct error *err)
{
	const struct overlayvm_events events = { .size = sizeof(events),
						 .note = warn };
	struct overlayvm_error why;
	autoplan struct overlayvm_plan *plan =
		overlayvm_plan_new(options->request, &why);
	char digest[OVERLAYVM_DIGEST_SIZE];
	autofree char *inputs = NULL;

	if (!plan || overlayvm_hash(plan, &events, interrupt->fd, digest,
				    &inputs, &why) < 0)
		return outcome_error(err, &why);
	return print(digest, inputs, options->json, err);
}

/* A signal ends it, when all is cleaned up. */
static void die_if_told(struct interrupt *interrupt, int status,
			const struct error *err)
{
	if (!interrupt_pending(interrupt))
		return;
	(void)fflush(stdout);
	if (status < 0) {
		(void)fputs("overlayvm: ", stderr);
		escape_print_line(err->msg, stderr);
	}
	interrupt_die(interrupt);
}

int hash_command(int argc, char **argv, struct error *err)
{
	AUTO(options) options = { 0 };
	struct interrupt interrupt;
	int status;

	if (options_parse(&options, options_of_hash(), argc, argv, err) < 0)
		return STATUS_FAILED;
	if (options.help) {
		print_help();
		return 0;
	}
	if (interrupt_open(&interrupt, err) < 0)
		return STATUS_FAILED;
	status = hash(&options, &interrupt, err);
	die_if_told(&interrupt, status, err);
	return status < 0 ? STATUS_FAILED : 0;
}
