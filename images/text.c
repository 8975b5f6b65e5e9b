/* SPDX-License-Identifier: MIT */
/* text.c - see text.h */
#include "images/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

char *text_format(const char *fmt, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, fmt);
	length = vasprintf(&text, fmt, args);
	va_end(args);
	return length < 0 ? NULL : text;
}
