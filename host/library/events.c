/* SPDX-License-Identifier: MIT */
/* events.c - see events.h */
#include "host/library/events.h"

#include <string.h>

#include "host/library/handle.h"

struct overlayvm_events events_copy(const struct overlayvm_events *events)
{
	struct overlayvm_events copy = { 0 };

	if (events)
		memcpy(&copy, events,
		       events->size < sizeof(copy) ? events->size
						   : sizeof(copy));
	return copy;
}

static void on_step(void *ctx, const struct timeline_step *step)
{
	const struct overlayvm_events *events = ctx;
	const struct overlayvm_step shown = result_step(step);

	if (events->step)
		events->step(events->context, &shown);
}

static void on_step_end(void *ctx, const struct timeline_step *step)
{
	const struct overlayvm_events *events = ctx;
	const struct overlayvm_step shown = result_step(step);

	if (events->step_end)
		events->step_end(events->context, &shown);
}

static void on_note(void *ctx, const char *text)
{
	const struct overlayvm_events *events = ctx;

	if (events->note)
		events->note(events->context, text);
}

static void on_log(void *ctx, const void *bytes, size_t size)
{
	const struct overlayvm_events *events = ctx;

	if (events->log)
		events->log(events->context, bytes, size);
}

static void on_bytes(void *ctx, uint64_t done, uint64_t total)
{
	const struct overlayvm_events *events = ctx;

	if (events->bytes)
		events->bytes(events->context, done, total);
}

struct run_events events_of_run(struct overlayvm_events *events)
{
	return (struct run_events){
		.step = on_step,
		.step_end = on_step_end,
		.note = on_note,
		.log = on_log,
		.bytes = on_bytes,
		.ctx = events,
	};
}
