/* SPDX-License-Identifier: MIT */
/* hash.c - the digest of all that a layer depends on, see overlayvm.h */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "guest/shared/json.h"
#include "host/image/reference.h"
#include "host/library/events.h"
#include "host/library/guard.h"
#include "host/library/handle.h"
#include "host/plan/surroundings.h"
#include "host/run/inputs.h"
#include "host/run/rundir.h"
#include "host/text/json_text.h"
#include "images/guest_image.h"

/* What it takes to open an image outside of a run. */
struct hashing {
	const struct plan *plan;
	struct overlayvm_events events;
	struct interrupt interrupt;
	struct rundir dir;
	struct image image;
	struct guest_image guest;
	struct json_object *inputs; /* owned */
	struct digest digest;
};

static void hashing_release(struct hashing *hashing)
{
	json_object_put(hashing->inputs);
	image_release(&hashing->image);
	guest_image_release(&hashing->guest);
	rundir_release(&hashing->dir);
}

DEFINE_AUTO(hashing, hashing_release)

static int advance(void *context, uint64_t bytes)
{
	struct hashing *hashing = context;

	(void)bytes;
	return interrupt_pending(&hashing->interrupt);
}

static void warn(void *context, const char *message)
{
	const struct hashing *hashing = context;

	if (hashing->events.note)
		hashing->events.note(hashing->events.context, message);
}

/* It is opened but not verified: its digests are what it says. */
static int open_image(struct hashing *hashing, struct error *err)
{
	const struct plan *plan = hashing->plan;
	struct image_work work = {
		.advance = advance,
		.warn = warn,
		.context = hashing,
	};
	AUTO(reference) reference = { 0 };

	if (!plan->from_image)
		return 0;
	if (rundir_create(&hashing->dir, plan->tmpdir, err) < 0)
		return -1;
	work.dir = hashing->dir.fd;
	work.dir_path = hashing->dir.path;
	if (reference_parse(&reference, plan->from_image, err) < 0 ||
	    reference_select(&reference, plan->from_image_name,
			     plan->from_image_tag, err) < 0)
		return error_prefix(err, "--from-image '%s'", plan->from_image);
	return image_open(&hashing->image, &reference, &work, err);
}

static int make_inputs(struct hashing *hashing, struct error *err)
{
	const struct plan *plan = hashing->plan;

	hashing->inputs =
		inputs_make(plan, plan->from_image ? &hashing->image : NULL,
			    hashing->guest.key);
	if (hashing->inputs && inputs_add_given(hashing->inputs, plan, err) < 0)
		return error_prefix(err, "input");
	if (!hashing->inputs)
		return error_set(err, ENOMEM, "out of memory");
	return inputs_digest(hashing->inputs, &hashing->digest, err);
}

static int hash(struct hashing *hashing, struct error *err)
{
	if (guest_image_find(&hashing->guest, err) < 0)
		return error_prefix(err, "guest image");
	if (open_image(hashing, err) < 0)
		return error_prefix(err, "image");
	return make_inputs(hashing, err);
}

int overlayvm_hash(const struct overlayvm_plan *plan,
		   const struct overlayvm_events *events, int cancel,
		   char digest[OVERLAYVM_DIGEST_SIZE], char **inputs,
		   struct overlayvm_error *err)
{
	AUTO(hashing)
	hashing = {
		.plan = &plan->plan,
		.events = events_copy(events),
		.interrupt = interrupt_of(cancel),
		.dir = RUNDIR_NONE,
	};
	struct error why = { 0 };
	struct guard guard;
	int status;

	guard_begin(&guard);
	status = hash(&hashing, &why);
	if (status < 0 && interrupt_pending(&hashing.interrupt))
		(void)interrupt_refuse(&hashing.interrupt, &why);
	guard_end(&guard);
	if (status < 0)
		return error_give(err, &why);
	(void)snprintf(digest, OVERLAYVM_DIGEST_SIZE, "sha256:%s",
		       hashing.digest.hex);
	if (!inputs)
		return 0;
	*inputs = json_text(hashing.inputs, JSON_TEXT_PRETTY);
	if (*inputs)
		return 0;
	(void)error_set(&why, ENOMEM, "out of memory");
	return error_give(err, &why);
}
