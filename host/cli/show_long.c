/* SPDX-License-Identifier: MIT */
/* show_long.c - a listing at length, see show_forms.h */
#include "host/cli/show_forms.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "host/layer/quote.h"

#define OWNER_SIZE 48 /* bytes; two numbers of 64 bits */
#define TIME_SIZE  32 /* bytes */
#define YEAR_MAX   9999

/* Columns that are as wide as what is in them. */
struct widths {
	int owner;
	int size;
};

static bool is_device(const struct listing_line *line)
{
	return line->type == LISTING_CHARACTER_DEVICE ||
	       line->type == LISTING_BLOCK_DEVICE;
}

static int owner_text(char text[OWNER_SIZE], const struct listing_line *line)
{
	if (line->type == LISTING_NOTHING)
		return snprintf(text, OWNER_SIZE, "-");
	return snprintf(text, OWNER_SIZE, "%" PRId64 ":%" PRId64, line->uid,
			line->gid);
}

static int size_text(char text[OWNER_SIZE], const struct listing_line *line)
{
	if (is_device(line))
		return snprintf(text, OWNER_SIZE, "%" PRIu32 ",%" PRIu32,
				line->major, line->minor);
	if (line->type != LISTING_FILE)
		return snprintf(text, OWNER_SIZE, "-");
	return snprintf(text, OWNER_SIZE, "%" PRIu64, line->size);
}

/* As ls -l has it. */
static void mode_text(char text[11], const struct listing_line *line)
{
	static const char types[] = "--dl-cbp?";
	static const char letters[] = "rwxrwxrwx";

	text[0] = types[line->type];
	for (int i = 0; i < 9; i++)
		text[1 + i] = '-';
	for (int i = 0; i < 9; i++)
		if (line->mode & 0400 >> i)
			text[1 + i] = letters[i];
	if (line->mode & 04000)
		text[3] = line->mode & 0100 ? 's' : 'S';
	if (line->mode & 02000)
		text[6] = line->mode & 010 ? 's' : 'S';
	if (line->mode & 01000)
		text[9] = line->mode & 01 ? 't' : 'T';
	text[10] = '\0';
}

static void time_text(char text[TIME_SIZE], const struct listing_line *line)
{
	time_t seconds = line->mtime;
	struct tm tm;

	if (line->type == LISTING_NOTHING)
		(void)snprintf(text, TIME_SIZE, "-");
	else if (gmtime_r(&seconds, &tm) && tm.tm_year + 1900 >= 0 &&
		 tm.tm_year + 1900 <= YEAR_MAX)
		(void)strftime(text, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
	else
		(void)snprintf(text, TIME_SIZE, "@%" PRId64, line->mtime);
}

static struct widths measure(const struct listing *listing)
{
	struct widths widths = { 1, 1 };
	char text[OWNER_SIZE];

	for (size_t i = 0; i < listing->count; i++) {
		int owner = owner_text(text, &listing->lines[i]);
		int size = size_text(text, &listing->lines[i]);

		widths.owner = owner > widths.owner ? owner : widths.owner;
		widths.size = size > widths.size ? size : widths.size;
	}
	return widths;
}

static void print_line(const struct listing_line *line,
		       const struct widths *widths, const struct quote *quote,
		       FILE *out)
{
	char owner[OWNER_SIZE], size[OWNER_SIZE], time[TIME_SIZE];
	char mode[11] = "-";

	if (line->type != LISTING_NOTHING)
		mode_text(mode, line);
	(void)owner_text(owner, line);
	(void)size_text(size, line);
	time_text(time, line);
	if (line->mark)
		(void)fprintf(out, "%c ", line->mark);
	(void)fprintf(out, "%-10s %-*s %*s %-20s ", mode, widths->owner, owner,
		      widths->size, size, time);
	quote_print(quote, *line->path ? line->path : ".", out);
	if (line->target) {
		(void)fputs(line->type == LISTING_SYMLINK ? " -> "
							  : " link to ",
			    out);
		quote_print(quote, line->target, out);
	}
	(void)fputc('\n', out);
}

int show_print_long(const struct listing *listing, FILE *out, struct error *err)
{
	const struct widths widths = measure(listing);
	AUTO(quote) quote = { 0 };

	quote_start(&quote);
	for (size_t i = 0; i < listing->count; i++) {
		print_line(&listing->lines[i], &widths, &quote, out);
		if (ferror(out))
			return error_errno(err, "write the listing");
	}
	if (fflush(out) != 0)
		return error_errno(err, "write the listing");
	return 0;
}
