/* SPDX-License-Identifier: MIT */
/* progress_json.c - see progress_json.h */
#include "host/cli/progress_json.h"

#include <stdlib.h>
#include <string.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/text/json_text.h"

static struct json_object *make_event(const char *name)
{
	struct json_object *event = json_make_object();

	json_add(event, "event", json_make_string(name));
	return event;
}

static void print_event(struct progress *progress, struct json_object *event)
{
	autofree char *text =
		json_text(event, JSON_C_TO_STRING_PLAIN |
					 JSON_C_TO_STRING_NOSLASHESCAPE);

	if (text)
		(void)fputs(text, progress->out);
	(void)fflush(progress->out);
}

static struct json_object *step_event(const char *name,
				      const struct overlayvm_step *step)
{
	struct json_object *event = make_event(name);

	json_add(event, "name", json_make_string(step->name));
	json_add(event, "side",
		 json_make_string(step->guest ? "guest" : "host"));
	json_add(event, "startNs", json_make_uint(step->start));
	return event;
}

static void on_step(void *ctx, const struct overlayvm_step *step)
{
	autojson struct json_object *event = step_event("step", step);

	print_event(ctx, event);
}

static void on_step_end(void *ctx, const struct overlayvm_step *step)
{
	autojson struct json_object *event = step_event("stepEnd", step);

	json_add(event, "durationNs", json_make_uint(step->end - step->start));
	print_event(ctx, event);
}

static void print_text(struct progress *progress, const char *name,
		       const char *text, size_t size)
{
	autojson struct json_object *event = make_event(name);

	json_add(event, "text", json_make_string_len(text, (int)size));
	print_event(progress, event);
}

static void on_note(void *ctx, const char *text)
{
	print_text(ctx, "note", text, strlen(text));
}

/* Where the character begins that the bytes end within, if they do. */
static size_t whole_characters(const unsigned char *bytes, size_t size)
{
	size_t back = 1;

	while (back < 4 && back < size && (bytes[size - back] & 0xc0) == 0x80)
		back++;
	if (back > size || bytes[size - back] < 0xc2)
		return size;
	/* A first byte says the length: 110xxxxx, 1110xxxx, 11110xxx. */
	return back < (bytes[size - back] < 0xe0   ? 2U
		       : bytes[size - back] < 0xf0 ? 3U
						   : 4U)
		       ? size - back
		       : size;
}

/* What is cut within a character waits for the rest of it. */
static void on_log(void *ctx, const void *bytes, size_t size)
{
	struct progress *progress = ctx;
	struct escape *held = &progress->escape;
	autofree unsigned char *text = NULL;
	size_t whole;
	bool last;

	size = progress_take(progress, size, &last);
	text = malloc(held->count + size);
	if (size == 0 || !text)
		return;
	memcpy(text, held->held, held->count);
	memcpy(text + held->count, bytes, size);
	size += held->count;
	whole = whole_characters(text, size);
	held->count = size - whole;
	memcpy(held->held, text + whole, held->count);
	if (whole > 0)
		print_text(progress, "log", (const char *)text, whole);
	if (last)
		on_note(progress, PROGRESS_CUT);
}

static void on_bytes(void *ctx, uint64_t done, uint64_t total)
{
	autojson struct json_object *event = make_event("bytes");

	json_add(event, "done", json_make_uint(done));
	json_add(event, "total", total ? json_make_uint(total) : NULL);
	print_event(ctx, event);
}

static void on_end(void *ctx)
{
	progress_finish(ctx);
}

struct overlayvm_events progress_json_events(struct progress *progress)
{
	return (struct overlayvm_events){
		.size = sizeof(struct overlayvm_events),
		.step = on_step,
		.step_end = on_step_end,
		.note = on_note,
		.log = on_log,
		.bytes = on_bytes,
		.end = on_end,
		.context = progress,
	};
}

void progress_json_finish(struct progress *progress)
{
	struct escape *held = &progress->escape;

	if (held->count > 0)
		print_text(progress, "log", (const char *)held->held,
			   held->count);
	held->count = 0;
}
