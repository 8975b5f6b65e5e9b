/* SPDX-License-Identifier: MIT */
/* schema.h - what a spec may be, as a JSON Schema */
#ifndef HOST_PLAN_SCHEMA_H
#define HOST_PLAN_SCHEMA_H

#include <json-c/json.h>

/*
 * The settings table as a schema (json-schema.org, draft 2020-12): a key for
 * each, with the types and words it may be, and no other key. What needs to
 * look at the host or at another key is left to plan_make(). The caller's to
 * json_object_put(); NULL for want of memory.
 */
struct json_object *schema_make(void);

#endif
