/* SPDX-License-Identifier: MIT */
/* spec_list.h - what a spec says of a setting that may be given repeatedly */
#ifndef HOST_PLAN_SPEC_LIST_H
#define HOST_PLAN_SPEC_LIST_H

#include <json-c/json.h>

#include "guest/shared/error.h"
#include "host/plan/request.h"

/* A string without NUL, as argv could have carried it; EINVAL, ENOMEM. */
int spec_string_set(struct request *request, const struct setting *setting,
		    struct json_object *value, struct error *err);

/*
 * Add what the value says: an array of strings, as the options have them; or an
 * object. That of `env` has a string for each variable. That of `config` has
 * for each of its keys a string, an array of them (which is one command of
 * several words in `cmd` and `entrypoint`), or an object with names and their
 * values; null is not given. EINVAL for anything else, ENOMEM.
 */
int spec_list_set(struct request *request, const struct setting *setting,
		  struct json_object *value, struct error *err);

#endif
