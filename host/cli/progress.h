/* SPDX-License-Identifier: MIT */
/* progress.h - what a user sees of a run while it goes on */
#ifndef HOST_CLI_PROGRESS_H
#define HOST_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "host/plan/plan.h"
#include "host/text/escape.h"
#include "host/library/overlayvm.h"

/* What hooks may print before the rest is dropped: bytes. */
#define PROGRESS_LOG_MAX (UINT64_C(64) << 20)

struct progress {
	FILE *out;
	enum plan_progress kind;
	bool terminal;	   /* `out` is one: escape what hooks print */
	bool within_line;  /* hooks have not ended their line */
	uint64_t log_size; /* bytes that hooks have printed */
	struct escape escape;
	struct progress_tty *tty; /* owned; NULL unless it is shown so */
};

/*
 * Lines go to `out`; `kind` is a word of the setting. "none" shows no steps, but
 * notes and what hooks print all the same; "auto" is "tty" on a terminal that is
 * not dumb, else "plain". "json" is of progress_json.h, "tty" of
 * progress_tty.h.
 */
void progress_start(struct progress *progress, const char *kind, FILE *out);

/* Its end of the events of a run; their end is progress_finish(). */
struct overlayvm_events progress_events(struct progress *progress);

/*
 * How much of what hooks print may still be shown: `size` bytes, or fewer.
 * *last is set if these are the last ones, which the user should be told.
 */
size_t progress_take(struct progress *progress, size_t size, bool *last);

#define PROGRESS_CUT                                                           \
	"the hooks have printed 67108864 bytes; the rest is not shown"

/* End an open line, so that what follows starts at the left; nothing is drawn
 * any more. Twice is as once. */
void progress_finish(struct progress *progress);

/* One line about the layer, on a terminal; after progress_finish(). */
void progress_sum_up(const struct progress *progress,
		     const struct overlayvm_result *result);

#endif
