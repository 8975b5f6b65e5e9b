/* SPDX-License-Identifier: MIT */
/* hash.c - see hash.h */
#include "host/cli/hash.h"

#include <errno.h>
#include <stdio.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/cli/options.h"
#include "host/cli/json_print.h"
#include "host/cli/workplace.h"
#include "host/plan/surroundings.h"
#include "host/run/failure.h"
#include "host/run/inputs.h"
#include "images/guest_image.h"

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

/* Of an image that is opened but not verified: its digests are what it says. */
static int open_image(struct image *image, const struct plan *plan,
		      struct workplace *workplace, struct error *err)
{
	AUTO(reference) reference = { 0 };

	if (!plan->from_image)
		return 0;
	if (workplace_open(workplace, err) < 0)
		return -1;
	if (reference_parse(&reference, plan->from_image, err) < 0 ||
	    reference_select(&reference, plan->from_image_name,
			     plan->from_image_tag, err) < 0)
		return error_prefix(err, "--from-image '%s'", plan->from_image);
	return image_open(image, &reference, &workplace->work, err);
}

static int print(struct json_object *inputs, bool json, struct error *err)
{
	autojson struct json_object *all = json_make_object();
	char text[sizeof("sha256:") + DIGEST_HEX_LENGTH];
	struct digest digest;

	if (!all || !inputs)
		return error_set(err, ENOMEM, "out of memory");
	if (inputs_digest(inputs, &digest, err) < 0)
		return -1;
	(void)snprintf(text, sizeof(text), "sha256:%s", digest.hex);
	if (!json)
		return puts(text) < 0
			       ? error_errno(err, "write to standard output")
			       : 0;
	json_add(all, "digest", json_make_string(text));
	json_add(all, "inputs", json_object_get(inputs));
	return json_print(all, err);
}

static int hash(const struct options *options, struct workplace *workplace,
		struct error *err)
{
	autojson struct json_object *inputs = NULL;
	struct surroundings surroundings;
	AUTO(plan) plan = { 0 };
	AUTO(image) image = { 0 };
	AUTO(guest_image) guest = { 0 };

	surroundings_read(&surroundings);
	if (plan_make(&plan, &options->request, &surroundings, err) < 0)
		return error_prefix(err, "plan");
	if (guest_image_find(&guest, err) < 0)
		return error_prefix(err, "guest image");
	if (open_image(&image, &plan, workplace, err) < 0)
		return error_prefix(err, "image");
	inputs = inputs_make(&plan, plan.from_image ? &image : NULL, guest.key);
	if (inputs && inputs_add_given(inputs, &plan, err) < 0)
		return error_prefix(err, "input");
	return print(inputs, options->json, err);
}

int hash_command(int argc, char **argv, struct error *err)
{
	struct workplace workplace = WORKPLACE_NONE;
	AUTO(options) options = { 0 };
	int status;

	if (options_parse(&options, options_of_hash(), argc, argv, err) < 0)
		return STATUS_FAILED;
	if (options.help) {
		print_help();
		return 0;
	}
	status = hash(&options, &workplace, err) < 0 ? STATUS_FAILED : 0;
	return workplace_finish(&workplace, status, err);
}
