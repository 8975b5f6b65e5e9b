/* SPDX-License-Identifier: MIT */
/* outcome.c - see outcome.h */
#include "host/cli/outcome.h"

#include <assert.h>
#include <string.h>

#include "host/cli/json_print.h"

int outcome_error(struct error *err, const struct overlayvm_error *from)
{
	static_assert(sizeof(err->msg) == sizeof(from->message), "whole");
	err->code = from->code;
	memcpy(err->msg, from->message, sizeof(err->msg));
	return -1;
}

int outcome_print(char *text, const struct overlayvm_error *why,
		  struct error *err)
{
	autofree char *own = text;

	return own ? json_print_text(own, err) : outcome_error(err, why);
}
