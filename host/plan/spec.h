/* SPDX-License-Identifier: MIT */
/* spec.h - a request as JSON */
#ifndef HOST_PLAN_SPEC_H
#define HOST_PLAN_SPEC_H

#include "guest/shared/error.h"
#include "host/plan/request.h"

/*
 * Add what the JSON file says to the request: one object, its keys those of
 * the original (fromImage, diskSize, buildVMMemorySize, preMount, ...) and of
 * the settings table. null means not given, as in the original. Hooks are
 * text here, never "@FILE". `env` and `config` are as in
 * spec_list.h.
 *
 * EINVAL for a key that is not known or a value of the wrong type, EPROTO for
 * what is not JSON, EFBIG for more than 4 MiB, and what open(2) says.
 */
int spec_load(struct request *request, const char *path, struct error *err);

#endif
