/* SPDX-License-Identifier: MIT */
/* layer_warn.c - see layer_warn.h */
#include "guest/shared/layer_warn.h"

#include <stdarg.h>
#include <stdio.h>

void layer_warn(struct layer_warn *warn, const char *fmt, ...)
{
	struct error line; /* for its way with control characters */
	char text[sizeof(line.msg)];
	va_list args;

	warn->count++;
	if (!warn->print)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	(void)error_set(&line, 0, "%s", text);
	if (warn->entry)
		(void)error_prefix(&line, "entry '%.400s'", warn->entry);
	warn->print(warn->context, line.msg);
}
