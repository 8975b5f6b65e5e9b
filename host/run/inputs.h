/* SPDX-License-Identifier: MIT */
/* inputs.h - what the layer of a run depends on, and its digest */
#ifndef HOST_RUN_INPUTS_H
#define HOST_RUN_INPUTS_H

#include <json-c/json.h>

#include "guest/shared/error.h"
#include "host/image/digest.h"
#include "host/image/image.h"
#include "host/plan/plan.h"

/* Raised when the same inputs are digested in another way, or when this
 * program makes another layer of them. */
#define INPUTS_FORMAT 1

/*
 * An object of all that decides the bytes of the layer:
 *
 *	format           INPUTS_FORMAT
 *	spec             the plan as a spec, without what the table of settings
 *	                 says is apart; hooks and variables are in it
 *	image            null, or its config (the image's ID; null where the
 *	                 form has none) and layers, lowest first, each with
 *	                 the name that hooks see, and diffId
 *	guestImage       its key: kernel, agent and tools
 *	sourceDateEpoch  null, or seconds since 1970
 *
 * `image` is NULL where the run starts from nothing. Not in it is where the
 * image lies and, its form apart, how it is stored. The caller's to
 * json_object_put(); NULL for want of memory.
 */
struct json_object *inputs_make(const struct plan *plan,
				const struct image *image,
				const char *guest_key);

/*
 * Add what --input gives: "inputs", an object of names and the digests of what
 * the guest reads there; nothing if there is none. Fails as handover_digest().
 */
int inputs_add_given(struct json_object *inputs, const struct plan *plan,
		     struct error *err);

/*
 * SHA-256 of the object as json-c writes it plainly: without white space, its
 * keys in the order in which they were added. Fails as digest_of().
 */
int inputs_digest(struct json_object *inputs, struct digest *digest,
		  struct error *err);

#endif
