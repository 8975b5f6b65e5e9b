/* SPDX-License-Identifier: MIT */
/* spec.h - a request as JSON */
#ifndef HOST_PLAN_SPEC_H
#define HOST_PLAN_SPEC_H

#include "guest/shared/error.h"
#include "host/plan/request.h"

/* Raised when a key changes its meaning. A spec that does not say its version
 * is of this one. */
#define SPEC_VERSION	 1
#define SPEC_VERSION_KEY "version"

/*
 * Add what the JSON file says to the request: one object, its keys those of
 * the original (fromImage, diskSize, buildVMMemorySize, preMount, ...) and of
 * the settings table. null means not given, as in the original. Hooks are
 * text here, never "@FILE". `env` and `config` are as in
 * spec_list.h.
 *
 * EINVAL for another version, for a key that is not known (the nearest one is
 * named) or a value of the wrong type, EPROTO for
 * what is not JSON, EFBIG for more than 4 MiB, and what open(2) says.
 */
int spec_load(struct request *request, const char *path, struct error *err);

/* The same for a text of `size` bytes. */
int spec_add(struct request *request, const char *text, size_t size,
	     struct error *err);

/* The setting of that key, NULL if there is none. */
const struct setting *spec_setting(const char *key);

/* Say that there is none, and the nearest that there is. EINVAL. */
int spec_refuse_key(const char *key, struct error *err);

#endif
