/* SPDX-License-Identifier: MIT */
/* view.h - the lines of a terminal that show a run */
#ifndef HOST_CLI_VIEW_H
#define HOST_CLI_VIEW_H

#include <stdbool.h>
#include <stdint.h>

/* One line, without its newline; as long as the widest terminal that is used. */
#define VIEW_LINE_MAX	 512
#define VIEW_COLUMNS_MAX 120 /* wider ones are not filled */

/* Plain data, borrowed: what is known at one moment. */
struct view {
	unsigned columns; /* of the terminal; 0: not known, as 80 */
	bool color;
	const char *name; /* of the step; a hostile guest may have chosen it */
	uint64_t elapsed; /* nanoseconds since it began */
	uint64_t done;	  /* bytes; 0: it is not counted */
	uint64_t total;	  /* bytes; 0: not known. No more than this is shown */
};

/*
 * The step that lasts: its name, a bar and the bytes where they are known, and
 * the time at the right. What does not fit is left out, the bar first, then
 * the bytes, and the name is cut last; the line is always shorter than the
 * terminal is wide, so that it never wraps. What is no printable ASCII in the
 * name is '?'. Returns `line`.
 */
const char *view_running(char line[VIEW_LINE_MAX], const struct view *view);

/* The same step when it has ended: it stays where it is printed. */
const char *view_ended(char line[VIEW_LINE_MAX], const struct view *view);

/* What a layer has: "12 added or changed, 3 deleted; 4.5 MiB". */
struct view_layer {
	uint64_t kept;	  /* entries that are there, directories among them */
	uint64_t deleted; /* whiteouts and opaque directories */
	uint64_t size;	  /* bytes of the tar */
	uint64_t elapsed; /* nanoseconds, of the whole run */
};

const char *view_summary(char line[VIEW_LINE_MAX],
			 const struct view_layer *layer, unsigned columns,
			 bool color);

#endif
