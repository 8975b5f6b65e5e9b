/* SPDX-License-Identifier: MIT */
/* layer_warn.h - what is odd in a layer and no reason to refuse it */
#ifndef GUEST_SHARED_LAYER_WARN_H
#define GUEST_SHARED_LAYER_WARN_H

#include <stdint.h>

#include "guest/shared/error.h"

struct layer_warn {
	/* Gets one line without newline, fit for a terminal. NULL: count. */
	void (*print)(void *context, const char *message);
	void *context;
	uint64_t count;
	const char *entry; /* borrowed: the name put in front; NULL: none */
};

/* "entry 'NAME': " and the message. */
void layer_warn(struct layer_warn *warn, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

#endif
