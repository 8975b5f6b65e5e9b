/* SPDX-License-Identifier: MIT */
/* failure.c - see failure.h */
#include "host/run/failure.h"

const char *failure_class_name(enum failure_class class)
{
	static const char *const names[] = {
		[FAILURE_NONE] = "none",
		[FAILURE_USAGE] = "usage",
		[FAILURE_INPUT] = "input",
		[FAILURE_HOST] = "host",
		[FAILURE_GUEST] = "guest",
		[FAILURE_HOOK] = "hook",
		[FAILURE_TIMEOUT] = "timeout",
		[FAILURE_CANCELLED] = "cancelled",
		[FAILURE_INTERNAL] = "internal",
	};

	return names[class];
}

bool failure_is_infra(enum failure_class class)
{
	return class == FAILURE_HOST || class == FAILURE_GUEST ||
	       class == FAILURE_INTERNAL;
}
