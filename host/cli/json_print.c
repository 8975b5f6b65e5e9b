/* SPDX-License-Identifier: MIT */
/* json_print.c - see json_print.h */
#include "host/cli/json_print.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "host/text/json_text.h"

int json_print_text(const char *text, struct error *err)
{
	if (io_write(STDOUT_FILENO, text, strlen(text)) < 0)
		return error_errno(err, "write to standard output");
	return 0;
}

int json_print(struct json_object *json, struct error *err)
{
	autofree char *text = json_text(json, JSON_TEXT_PRETTY);

	if (!text)
		return error_set(err, ENOMEM, "out of memory");
	return json_print_text(text, err);
}
