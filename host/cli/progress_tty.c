/* SPDX-License-Identifier: MIT */
/* progress_tty.c - see progress_tty.h */
#include "host/cli/progress_tty.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "host/cli/view.h"
#include "host/run/deadline.h"

#define REDRAW_NS 100000000L  /* between two */
#define SECOND_NS 1000000000L /* nanoseconds */

/* To the left, and nothing behind it. */
#define CLEAR "\r\033[K"

struct progress_tty {
	struct progress *progress; /* borrowed */
	pthread_t thread;
	pthread_cond_t ended;
	pthread_mutex_t mutex; /* of all below, and of the terminal */
	bool over;
	bool color;
	bool running;		  /* a step lasts */
	bool drawn;		  /* and its line is the last on the terminal */
	char name[VIEW_LINE_MAX]; /* cut, if it is longer */
	uint64_t begin;		  /* of the step, as clock_now() */
	uint64_t done;
	uint64_t total;
};

unsigned progress_tty_columns(FILE *out)
{
	struct winsize size;

	return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool progress_tty_color(void)
{
	const char *value = getenv("NO_COLOR");

	return !(value && *value);
}

static struct view view_of(const struct progress_tty *tty, uint64_t elapsed)
{
	return (struct view){
		.columns = progress_tty_columns(tty->progress->out),
		.color = tty->color,
		.name = tty->name,
		.elapsed = elapsed,
		.done = tty->done,
		.total = tty->total,
	};
}

static void clear(struct progress_tty *tty)
{
	if (tty->drawn)
		fputs(CLEAR, tty->progress->out);
	tty->drawn = false;
}

/* Never over the begin of a line that a hook has not ended. */
static void draw(struct progress_tty *tty)
{
	char line[VIEW_LINE_MAX];
	struct view view;

	if (tty->running && !tty->progress->within_line) {
		view = view_of(tty, clock_now() - tty->begin);
		fprintf(tty->progress->out, CLEAR "%s",
			view_running(line, &view));
		tty->drawn = true;
	}
	(void)fflush(tty->progress->out);
}

static void end_line(struct progress_tty *tty)
{
	struct progress *progress = tty->progress;

	clear(tty);
	escape_finish(&progress->escape, progress->out);
	if (progress->within_line)
		(void)fputc('\n', progress->out);
	progress->within_line = false;
}

static void *redraw(void *context)
{
	struct progress_tty *tty = context;

	(void)pthread_mutex_lock(&tty->mutex);
	while (!tty->over) {
		struct timespec until;

		(void)clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += REDRAW_NS;
		until.tv_sec += until.tv_nsec / SECOND_NS;
		until.tv_nsec %= SECOND_NS;
		(void)pthread_cond_timedwait(&tty->ended, &tty->mutex, &until);
		if (!tty->over)
			draw(tty);
	}
	(void)pthread_mutex_unlock(&tty->mutex);
	return NULL;
}

static void on_step(void *ctx, const struct overlayvm_step *step)
{
	struct progress_tty *tty = ctx;

	(void)pthread_mutex_lock(&tty->mutex);
	end_line(tty);
	(void)snprintf(tty->name, sizeof(tty->name), "%s", step->name);
	tty->begin = clock_now();
	tty->done = tty->total = 0;
	tty->running = true;
	draw(tty);
	(void)pthread_mutex_unlock(&tty->mutex);
}

static void on_step_end(void *ctx, const struct overlayvm_step *step)
{
	struct progress_tty *tty = ctx;
	char line[VIEW_LINE_MAX];
	struct view view;

	(void)pthread_mutex_lock(&tty->mutex);
	end_line(tty);
	view = view_of(tty, step->end - step->start);
	fprintf(tty->progress->out, "%s\n", view_ended(line, &view));
	tty->running = false;
	(void)fflush(tty->progress->out);
	(void)pthread_mutex_unlock(&tty->mutex);
}

static void print_note(struct progress_tty *tty, const char *text)
{
	end_line(tty);
	fputs("overlayvm: warning: ", tty->progress->out);
	escape_print_line(text, tty->progress->out);
	draw(tty);
}

static void on_note(void *ctx, const char *text)
{
	struct progress_tty *tty = ctx;

	(void)pthread_mutex_lock(&tty->mutex);
	print_note(tty, text);
	(void)pthread_mutex_unlock(&tty->mutex);
}

static void on_log(void *ctx, const void *bytes, size_t size)
{
	struct progress_tty *tty = ctx;
	struct progress *progress = tty->progress;
	bool last;

	(void)pthread_mutex_lock(&tty->mutex);
	size = progress_take(progress, size, &last);
	if (size > 0) {
		clear(tty);
		escape_print(&progress->escape, bytes, size, progress->out);
		progress->within_line = ((const char *)bytes)[size - 1] != '\n';
		draw(tty);
	}
	if (last)
		print_note(tty, PROGRESS_CUT);
	(void)pthread_mutex_unlock(&tty->mutex);
}

/* It is drawn when its time comes. */
static void on_bytes(void *ctx, uint64_t done, uint64_t total)
{
	struct progress_tty *tty = ctx;

	(void)pthread_mutex_lock(&tty->mutex);
	tty->done = done;
	tty->total = total;
	(void)pthread_mutex_unlock(&tty->mutex);
}

struct progress_tty *progress_tty_start(struct progress *progress)
{
	struct progress_tty *tty = calloc(1, sizeof(*tty));

	if (!tty)
		return NULL;
	tty->progress = progress;
	tty->color = progress_tty_color();
	(void)pthread_mutex_init(&tty->mutex, NULL);
	(void)pthread_cond_init(&tty->ended, NULL);
	if (pthread_create(&tty->thread, NULL, redraw, tty) == 0)
		return tty;
	free(tty);
	return NULL;
}

static void on_end(void *ctx)
{
	const struct progress_tty *tty = ctx;

	progress_finish(tty->progress);
}

struct overlayvm_events progress_tty_events(struct progress_tty *tty)
{
	return (struct overlayvm_events){
		.size = sizeof(struct overlayvm_events),
		.step = on_step,
		.step_end = on_step_end,
		.note = on_note,
		.log = on_log,
		.bytes = on_bytes,
		.end = on_end,
		.context = tty,
	};
}

void progress_tty_finish(struct progress_tty *tty)
{
	if (!tty)
		return;
	(void)pthread_mutex_lock(&tty->mutex);
	tty->over = true;
	end_line(tty);
	(void)fflush(tty->progress->out);
	(void)pthread_cond_signal(&tty->ended);
	(void)pthread_mutex_unlock(&tty->mutex);
	(void)pthread_join(tty->thread, NULL);
	(void)pthread_cond_destroy(&tty->ended);
	(void)pthread_mutex_destroy(&tty->mutex);
	free(tty);
}
