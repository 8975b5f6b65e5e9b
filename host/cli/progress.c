/* SPDX-License-Identifier: MIT */
/* progress.c - see progress.h */
#include "host/cli/progress.h"

#include <inttypes.h>
#include <unistd.h>

void progress_start(struct progress *progress, enum plan_progress kind,
		    FILE *out)
{
	*progress = (struct progress){
		.out = out,
		.steps = kind != PLAN_PROGRESS_NONE,
		.terminal = isatty(fileno(out)),
	};
}

void progress_finish(struct progress *progress)
{
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

static void on_step(void *ctx, const char *name)
{
	struct progress *progress = ctx;

	if (progress->steps)
		print_line(progress, "==> ", name);
}

static void on_note(void *ctx, const char *text)
{
	print_line(ctx, "overlayvm: warning: ", text);
}

static void on_log(void *ctx, const void *bytes, size_t size)
{
	struct progress *progress = ctx;
	uint64_t left = PROGRESS_LOG_MAX - progress->log_size;
	char text[96];

	if (left == 0 || size == 0)
		return;
	if (size > left)
		size = (size_t)left;
	progress->log_size += size;
	if (progress->terminal)
		escape_print(&progress->escape, bytes, size, progress->out);
	else
		(void)fwrite(bytes, 1, size, progress->out);
	progress->within_line = ((const char *)bytes)[size - 1] != '\n';
	(void)fflush(progress->out);
	if (progress->log_size < PROGRESS_LOG_MAX)
		return;
	(void)snprintf(text, sizeof(text),
		       "the hooks have printed %" PRIu64
		       " bytes; the rest is not shown",
		       PROGRESS_LOG_MAX);
	on_note(progress, text);
}

struct run_events progress_events(struct progress *progress)
{
	return (struct run_events){ on_step, on_note, on_log, progress };
}
