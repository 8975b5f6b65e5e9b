/* SPDX-License-Identifier: MIT */
/* progress.c - see progress.h */
#include "host/cli/progress.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/cli/progress_json.h"
#include "host/cli/progress_tty.h"
#include "host/cli/view.h"

static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || strcmp(term, "dumb") == 0;
}

/* The plan has checked the word. */
static enum plan_progress kind_of(const char *word)
{
	enum plan_progress kind = PLAN_PROGRESS_AUTO;

	while (kind < PLAN_PROGRESS_NONE &&
	       strcmp(plan_progress_name(kind), word) != 0)
		kind++;
	return kind;
}

void progress_start(struct progress *progress, const char *kind, FILE *out)
{
	*progress = (struct progress){
		.out = out,
		.kind = kind_of(kind),
		.terminal = isatty(fileno(out)),
	};
	if (progress->kind == PLAN_PROGRESS_AUTO && progress->terminal &&
	    !is_dumb())
		progress->kind = PLAN_PROGRESS_TTY;
	if (progress->kind == PLAN_PROGRESS_TTY)
		progress->tty = progress_tty_start(progress);
}

void progress_finish(struct progress *progress)
{
	if (progress->kind == PLAN_PROGRESS_JSON) {
		progress_json_finish(progress);
		return;
	}
	progress_tty_finish(progress->tty);
	progress->tty = NULL;
	escape_finish(&progress->escape, progress->out);
	if (progress->within_line)
		(void)fputc('\n', progress->out);
	progress->within_line = false;
	(void)fflush(progress->out);
}

/* A line of our own. Names of steps may come from a hostile guest. */
static void print_line(struct progress *progress, const char *prefix,
		       const char *text)
{
	progress_finish(progress);
	(void)fputs(prefix, progress->out);
	escape_print_line(text, progress->out);
	(void)fflush(progress->out);
}

static void on_step(void *ctx, const struct overlayvm_step *step)
{
	struct progress *progress = ctx;

	if (progress->kind != PLAN_PROGRESS_NONE)
		print_line(progress, "==> ", step->name);
}

static void on_note(void *ctx, const char *text)
{
	print_line(ctx, "overlayvm: warning: ", text);
}

size_t progress_take(struct progress *progress, size_t size, bool *last)
{
	uint64_t left = PROGRESS_LOG_MAX - progress->log_size;

	if (size > left)
		size = (size_t)left;
	progress->log_size += size;
	*last = size > 0 && progress->log_size == PROGRESS_LOG_MAX;
	return size;
}

static void on_log(void *ctx, const void *bytes, size_t size)
{
	struct progress *progress = ctx;
	bool last;

	size = progress_take(progress, size, &last);
	if (size == 0)
		return;
	if (progress->terminal)
		escape_print(&progress->escape, bytes, size, progress->out);
	else
		(void)fwrite(bytes, 1, size, progress->out);
	progress->within_line = ((const char *)bytes)[size - 1] != '\n';
	(void)fflush(progress->out);
	if (last)
		on_note(progress, PROGRESS_CUT);
}

static void on_end(void *ctx)
{
	progress_finish(ctx);
}

struct overlayvm_events progress_events(struct progress *progress)
{
	if (progress->kind == PLAN_PROGRESS_JSON)
		return progress_json_events(progress);
	if (progress->tty)
		return progress_tty_events(progress->tty);
	return (struct overlayvm_events){
		.size = sizeof(struct overlayvm_events),
		.context = progress,
		.step = on_step,
		.note = on_note,
		.log = on_log,
		.end = on_end,
	};
}

void progress_sum_up(const struct progress *progress,
		     const struct overlayvm_result *result)
{
	size_t steps = overlayvm_result_step_count(result);
	const struct overlayvm_layer *layer;
	struct view_layer all = { 0 };
	char line[VIEW_LINE_MAX];

	if (progress->kind != PLAN_PROGRESS_TTY)
		return;
	for (size_t i = 0; (layer = overlayvm_result_layer(result, i)); i++) {
		uint64_t deleted = layer->whiteouts + layer->opaques;

		all.kept += layer->entries - deleted;
		all.deleted += deleted;
		all.size += layer->size;
	}
	if (steps > 0)
		all.elapsed = overlayvm_result_step(result, steps - 1)->end;
	fprintf(progress->out, "%s\n",
		view_summary(line, &all, progress_tty_columns(progress->out),
			     progress_tty_color()));
}
