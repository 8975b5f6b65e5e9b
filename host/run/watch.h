/* SPDX-License-Identifier: MIT */
/* watch.h - how long the guest, and a hook in it, may take: --limit */
#ifndef HOST_RUN_WATCH_H
#define HOST_RUN_WATCH_H

#include "guest/shared/error.h"
#include "host/plan/limits.h"
#include "host/run/deadline.h"

/* Usable from { 0 }, which watches for nothing. */
struct watch {
	struct limits limits;
	struct deadline guest; /* for it to send a frame */
	struct deadline hook;  /* for the hook that runs to end */
	struct deadline quiet; /* for that hook to print something */
};

enum watch_verdict {
	WATCH_FINE,
	WATCH_HOOK,  /* a hook takes too long, or is silent too long */
	WATCH_GUEST, /* nothing comes from the guest, not even BEAT */
};

/* The guest has its plan. */
void watch_start(struct watch *watch, const struct limits *limits);

/* Bytes have come from the guest. */
void watch_guest(struct watch *watch);

/* A hook or command begins, has printed something, has ended. */
void watch_hook_begin(struct watch *watch);
void watch_hook_output(struct watch *watch);
void watch_hook_end(struct watch *watch);

/* The moment to judge at, if nothing happens until then. */
struct deadline watch_next(const struct watch *watch);

/* What is over its time by now, in words that name the limit (ETIMEDOUT). */
enum watch_verdict watch_judge(const struct watch *watch, struct error *err);

#endif
