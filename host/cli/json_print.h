/* SPDX-License-Identifier: MIT */
/* json_print.h - JSON on standard output */
#ifndef HOST_CLI_JSON_PRINT_H
#define HOST_CLI_JSON_PRINT_H

#include <json-c/json.h>

#include "guest/shared/error.h"

/* Print it, laid out, and a newline. ENOMEM, and what write(2) says. */
int json_print(struct json_object *json, struct error *err);

/* The same for what is text already. */
int json_print_text(const char *text, struct error *err);

#endif
