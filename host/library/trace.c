/* SPDX-License-Identifier: MIT */
/* trace.c - see trace.h */
#include "host/library/trace.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/text/json_text.h"
#include "host/run/output.h"

/* Rows are threads of a process there. */
enum row { ROW_HOST = 1, ROW_GUEST = 2 };

#define PROCESS 1

static struct json_object *make_event(const char *phase, const char *name,
				      enum row row)
{
	struct json_object *event = json_make_object();

	json_add(event, "ph", json_make_string(phase));
	json_add(event, "name", json_make_string(name));
	json_add(event, "pid", json_make_int(PROCESS));
	json_add(event, "tid", json_make_int(row));
	return event;
}

static struct json_object *row_name(enum row row, const char *name)
{
	struct json_object *event = make_event("M", "thread_name", row);
	struct json_object *args = json_make_object();

	json_add(args, "name", json_make_string(name));
	json_add(event, "args", args);
	return event;
}

/* Times are microseconds there, and may have fractions. */
static struct json_object *step_event(const struct timeline_step *step)
{
	struct json_object *event =
		make_event("X", step->name, step->guest ? ROW_GUEST : ROW_HOST);

	json_add(event, "ts", json_make_double((double)step->start / 1e3));
	json_add(event, "dur",
		 json_make_double((double)(step->end - step->start) / 1e3));
	return event;
}

int trace_write(const char *path, const struct timeline *timeline,
		struct error *err)
{
	autojson struct json_object *trace = json_make_object();
	struct json_object *events = json_add_array(trace, "traceEvents");
	autofree char *text = NULL;

	json_append(events, row_name(ROW_HOST, "host"));
	json_append(events, row_name(ROW_GUEST, "guest"));
	for (size_t i = 0; i < timeline->count; i++)
		json_append(events, step_event(&timeline->steps[i]));
	text = json_text(trace, JSON_C_TO_STRING_PLAIN |
					JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text)
		return error_set(err, ENOMEM, "trace: out of memory");
	if (output_put(path, text, strlen(text), err) < 0)
		return error_prefix(err, "trace");
	return 0;
}
