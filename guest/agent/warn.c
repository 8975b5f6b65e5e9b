/* SPDX-License-Identifier: MIT */
/* warn.c - see warn.h */
#include "guest/agent/warn.h"

#include <stdarg.h>
#include <stdio.h>

void warn_say(const struct warn *warn, const char *fmt, ...)
{
	char text[1020];
	struct error line = { 0 };
	va_list args;

	if (!warn->say)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	error_set(&line, 0, "%s", text);
	warn->say(warn->context, line.msg);
}
