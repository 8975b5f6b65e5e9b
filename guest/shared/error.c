/* SPDX-License-Identifier: MIT */
/* error.c - see error.h */
#include "guest/shared/error.h"

#undef error_set
#undef error_errno
#undef error_prefix

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Linux has no errno value above this (include/uapi/asm-generic/errno.h). */
#define ERRNO_MAX 133

static void make_printable(char *msg)
{
	for (char *c = msg; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
}

int error_set(struct error *err, int code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, args);
	va_end(args);
	make_printable(err->msg);
	err->code = code;
	return -1;
}

int error_errno(struct error *err, const char *fmt, ...)
{
	int code = errno;
	size_t used;
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, args);
	va_end(args);
	used = strlen(err->msg);
	(void)snprintf(err->msg + used, sizeof(err->msg) - used, ": %s",
		       strerror(code));
	make_printable(err->msg);
	err->code = code;
	return -1;
}

int error_prefix(struct error *err, const char *fmt, ...)
{
	char said[sizeof(err->msg)];
	size_t used;
	va_list args;

	memcpy(said, err->msg, sizeof(said));
	va_start(args, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, args);
	va_end(args);
	used = strlen(err->msg);
	(void)snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", said);
	make_printable(err->msg);
	return -1;
}

const char *error_name(int code)
{
	const char *name = code > 0 ? strerrorname_np(code) : NULL;

	return name ? name : "";
}

int error_code(const char *name)
{
	for (int code = 1; code <= ERRNO_MAX; code++)
		if (*name && strcmp(error_name(code), name) == 0)
			return code;
	return 0;
}
