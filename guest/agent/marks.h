/* SPDX-License-Identifier: MIT */
/* marks.h - what the scratch disk says of itself, should it be kept */
#ifndef GUEST_AGENT_MARKS_H
#define GUEST_AGENT_MARKS_H

#include "guest/agent/agent.h"
#include "guest/shared/error.h"

/*
 * Make the marks of guest/shared/scratch_marks.h, if the plan is to keep the
 * disk; else nothing. The first returns a descriptor of the new directory, for
 * the caller to give it its attributes, and to close; -1 with err->code 0 if
 * none is to be made.
 */
int marks_make_root(const struct agent *agent, struct error *err);

/* That a full disk has no room for it fails no run: markers are known without
 * it, all but those that postUmount has made. */
void marks_converted(const struct agent *agent);

#endif
