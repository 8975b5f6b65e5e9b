/* SPDX-License-Identifier: MIT */
/* progress_tty.h - what is seen of a run on a terminal */
#ifndef HOST_CLI_PROGRESS_TTY_H
#define HOST_CLI_PROGRESS_TTY_H

#include "host/cli/progress.h"

/*
 * Steps that have ended, warnings and what hooks print, escaped, stay as lines;
 * the step that lasts is one line below them, drawn again ten times a second
 * by a thread. The terminal is asked for its width each time, so that a resize
 * is followed; the cursor is never hidden and no mode is set, so that nothing
 * is to be undone, however the program ends.
 *
 * NULL for want of memory or of threads: then lines must do.
 */
struct progress_tty *progress_tty_start(struct progress *progress);

/* Columns of the terminal, 0 if it does not say; whether colours are wanted:
 * NO_COLOR (no-color.org) is not set. */
unsigned progress_tty_columns(FILE *out);
bool progress_tty_color(void);

/* The end of the events. */
struct overlayvm_events progress_tty_events(struct progress_tty *tty);

/* Take away the line that lasts, end the thread, free all. NULL is fine. */
void progress_tty_finish(struct progress_tty *tty);

#endif
