/* SPDX-License-Identifier: MIT */
/* progress_json.h - what a program sees of a run while it goes on */
#ifndef HOST_CLI_PROGRESS_JSON_H
#define HOST_CLI_PROGRESS_JSON_H

#include "host/cli/progress.h"

/*
 * One JSON object a line, in UTF-8, with a key "event":
 *
 *	{"event":"step","name":...,"side":"host"|"guest","startNs":N}
 *	{"event":"stepEnd","name":...,"side":...,"startNs":N,"durationNs":N}
 *	{"event":"bytes","done":N,"total":N|null}    of the step that lasts
 *	{"event":"note","text":...}
 *	{"event":"log","text":...}    what hooks print, as it comes; what is
 *	                              not UTF-8 in it becomes U+FFFD
 *
 * Nanoseconds are since the start of the run, on one clock for both sides.
 */
struct overlayvm_events progress_json_events(struct progress *progress);

/* The last bytes have come. */
void progress_json_finish(struct progress *progress);

#endif
