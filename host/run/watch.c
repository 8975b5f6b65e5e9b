/* SPDX-License-Identifier: MIT */
/* watch.c - see watch.h */
#include "host/run/watch.h"

#include <errno.h>
#include <inttypes.h>

void watch_start(struct watch *watch, const struct limits *limits)
{
	*watch = (struct watch){ .limits = *limits };
	watch_guest(watch);
}

void watch_guest(struct watch *watch)
{
	watch->guest = deadline_in(watch->limits.guest_silence);
}

void watch_hook_begin(struct watch *watch)
{
	watch->hook = deadline_in(watch->limits.hook_time);
	watch_hook_output(watch);
}

void watch_hook_output(struct watch *watch)
{
	watch->quiet = deadline_in(watch->limits.hook_silence);
}

void watch_hook_end(struct watch *watch)
{
	watch->hook = (struct deadline){ 0 };
	watch->quiet = (struct deadline){ 0 };
}

struct deadline watch_next(const struct watch *watch)
{
	return deadline_first(watch->guest,
			      deadline_first(watch->hook, watch->quiet));
}

static enum watch_verdict over(enum watch_verdict verdict, const char *what,
			       uint64_t seconds, const char *option,
			       struct error *err)
{
	error_set(err, ETIMEDOUT, "%s %" PRIu64 " s (use a larger --limit %s)",
		  what, seconds, option);
	return verdict;
}

enum watch_verdict watch_judge(const struct watch *watch, struct error *err)
{
	const struct limits *limits = &watch->limits;

	if (deadline_passed(watch->guest))
		return over(WATCH_GUEST, "has shown no sign of life for",
			    limits->guest_silence, "guest-silence", err);
	if (deadline_passed(watch->hook))
		return over(WATCH_HOOK, "has taken more than",
			    limits->hook_time, "hook-time", err);
	if (deadline_passed(watch->quiet))
		return over(WATCH_HOOK, "has printed nothing for",
			    limits->hook_silence, "hook-silence", err);
	return WATCH_FINE;
}
