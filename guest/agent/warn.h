/* SPDX-License-Identifier: MIT */
/* warn.h - what the user should know although the run goes on */
#ifndef GUEST_AGENT_WARN_H
#define GUEST_AGENT_WARN_H

#include "guest/shared/error.h"

/* Who is told; { 0 } tells nobody. `text` is one line without its end. */
struct warn {
	void (*say)(void *context, const char *text);
	void *context;
};

/* Control characters in the text become '?', as in an error. */
void warn_say(const struct warn *warn, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
