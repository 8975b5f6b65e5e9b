/* SPDX-License-Identifier: MIT */
/* failure.h - what kind of failure ended a run, and with which status */
#ifndef HOST_RUN_FAILURE_H
#define HOST_RUN_FAILURE_H

#include <stdbool.h>

enum failure_class {
	FAILURE_NONE,
	FAILURE_USAGE,	   /* asked for wrongly */
	FAILURE_INPUT,	   /* the image, the spec, a file of the user's */
	FAILURE_HOST,	   /* this host: space, QEMU, kernel, permissions */
	FAILURE_GUEST,	   /* the virtual machine or the agent in it */
	FAILURE_HOOK,	   /* a hook ended with another status than 0 */
	FAILURE_TIMEOUT,   /* --timeout */
	FAILURE_CANCELLED, /* a signal */
	FAILURE_INTERNAL,  /* a mistake of ours */
};

/* Exit statuses that are not a hook's, as of timeout(1) and docker-run(1). */
#define STATUS_TIMEOUT 124
#define STATUS_FAILED  125

const char *failure_class_name(enum failure_class class);

/*
 * Whether what failed is where the run took place (the host, the guest, or
 * overlayvm), and not what was asked for: --infra-exit.
 */
bool failure_is_infra(enum failure_class class);

#endif
