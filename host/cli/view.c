/* SPDX-License-Identifier: MIT */
/* view.c - see view.h */
#include "host/cli/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/cli/amount.h"

#define SECOND	  UINT64_C(1000000000) /* nanoseconds */
#define TENTH	  (SECOND / 10)
#define BAR	  20 /* columns between its brackets */
#define PART_MAX  96 /* bytes */
#define MARK	  "=> "
#define MARK_SIZE 3 /* columns */

#define BOLD  "\033[1m"
#define GREEN "\033[32m"
#define RESET "\033[0m"

/* One column stays free: terminals wrap when the last one is filled. */
static size_t width_of(unsigned columns)
{
	if (columns == 0)
		columns = 80;
	if (columns > VIEW_COLUMNS_MAX)
		columns = VIEW_COLUMNS_MAX;
	return columns - 1;
}

static void print_time(char text[PART_MAX], uint64_t elapsed)
{
	uint64_t seconds = elapsed / SECOND;

	if (seconds < 60)
		(void)snprintf(text, PART_MAX, "%" PRIu64 ".%" PRIu64 "s",
			       seconds, elapsed % SECOND / TENTH);
	else
		(void)snprintf(text, PART_MAX, "%" PRIu64 "m%02" PRIu64 "s",
			       seconds / 60, seconds % 60);
}

static void print_bytes(char text[PART_MAX], const struct view *view)
{
	char done[AMOUNT_SIZE], total[AMOUNT_SIZE];
	uint64_t shown = view->done;

	text[0] = '\0';
	if (view->done == 0)
		return;
	if (view->total && shown > view->total)
		shown = view->total;
	if (view->total)
		(void)snprintf(text, PART_MAX, "%s / %s", amount(done, shown),
			       amount(total, view->total));
	else
		(void)snprintf(text, PART_MAX, "%s", amount(done, shown));
}

/* "[=====>    ]"; "" where the whole is not known. */
static void print_bar(char text[PART_MAX], const struct view *view)
{
	size_t full;

	text[0] = '\0';
	if (view->done == 0 || view->total == 0)
		return;
	full = view->done >= view->total ? BAR
					 : (size_t)((double)view->done /
						    (double)view->total * BAR);
	text[0] = '[';
	for (size_t i = 0; i < BAR; i++)
		text[1 + i] = (char)(i < full ? '=' : i == full ? '>' : ' ');
	memcpy(text + 1 + BAR, "]", 2);
}

/* The name, cut and filled up to so many columns. */
static void print_name(char *text, const char *name, size_t columns)
{
	size_t i;

	for (i = 0; i < columns && name[i]; i++)
		text[i] = (char)(name[i] >= 0x20 && name[i] < 0x7f ? name[i]
								   : '?');
	for (; i < columns; i++)
		text[i] = ' ';
	text[i] = '\0';
}

/* What is put behind the name, if there is room for it and for the name. */
static void add_part(char right[2 * PART_MAX + 16], const char *part,
		     size_t room)
{
	char before[2 * PART_MAX + 16];

	if (!*part || strlen(right) + strlen(part) + 2 > room)
		return;
	memcpy(before, right, sizeof(before));
	(void)snprintf(right, sizeof(before), " %s %s", part,
		       before + (before[0] == ' '));
}

static const char *print_line(char line[VIEW_LINE_MAX], const struct view *view,
			      const char *color)
{
	size_t width = width_of(view->columns);
	char right[2 * PART_MAX + 16], part[PART_MAX];
	char name[VIEW_COLUMNS_MAX + 1];
	size_t least = strlen(view->name);
	size_t room;

	print_time(part, view->elapsed);
	(void)snprintf(right, sizeof(right), "  %s", part);
	if (width < MARK_SIZE + strlen(right) + 1) {
		line[0] = '\0';
		return line;
	}
	room = width - MARK_SIZE;
	print_bytes(part, view);
	add_part(right, part, room > least ? room - least : 0);
	print_bar(part, view);
	add_part(right, part, room > least ? room - least : 0);
	print_name(name, view->name, room - strlen(right));
	(void)snprintf(line, VIEW_LINE_MAX, "%s" MARK "%s%s%s",
		       view->color ? color : "", name, right,
		       view->color ? RESET : "");
	return line;
}

const char *view_running(char line[VIEW_LINE_MAX], const struct view *view)
{
	return print_line(line, view, BOLD);
}

const char *view_ended(char line[VIEW_LINE_MAX], const struct view *view)
{
	struct view ended = *view;

	ended.total = 0; /* no bar: all of it is done */
	return print_line(line, &ended, GREEN);
}

const char *view_summary(char line[VIEW_LINE_MAX],
			 const struct view_layer *layer, unsigned columns,
			 bool color)
{
	char size[AMOUNT_SIZE], time[PART_MAX], text[VIEW_LINE_MAX];
	int width = (int)width_of(columns);

	print_time(time, layer->elapsed);
	(void)snprintf(text, sizeof(text),
		       "%" PRIu64 " added or changed, %" PRIu64
		       " deleted; %s; %s in all",
		       layer->kept, layer->deleted, amount(size, layer->size),
		       time);
	(void)snprintf(line, VIEW_LINE_MAX, "%s%.*s%s", color ? BOLD : "",
		       width, text, color ? RESET : "");
	return line;
}
