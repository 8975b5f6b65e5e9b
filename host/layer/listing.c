/* SPDX-License-Identifier: MIT */
/* listing.c - see listing.h */
#include "host/layer/listing.h"

#include <errno.h>
#include <stdlib.h>

#include "host/layer/hidden.h"
#include "host/layer/quote.h"
#include "host/layer/sayings.h"
#include "host/layer/stream.h"

static int read_sayings(struct sayings *sayings, int fd, struct error *err)
{
	AUTO(stream) stream = { .fd = -1 };
	struct archive_entry *entry;
	int more;

	if (stream_open(&stream, fd, err) < 0)
		return -1;
	while ((more = stream_next(&stream, &entry, err)) > 0)
		if (sayings_add(sayings, entry, err) < 0)
			return -1;
	return more;
}

static enum listing_mark mark(const struct saying *saying,
			      const struct base *base)
{
	const struct listing_line *line = &saying->line;

	if (line->type == LISTING_NOTHING && !line->is_opaque)
		return LISTING_DELETED;
	if (base ? base_exists((void *)base, line->path) : saying->was_there)
		return LISTING_CHANGED;
	return LISTING_ADDED;
}

static void mark_lines(struct sayings *sayings, const struct base *base)
{
	for (size_t i = 0; i < sayings->count; i++) {
		struct saying *saying = &sayings->list[i];
		struct listing_line *line = &saying->line;

		line->mark = (uint8_t)mark(saying, base);
		/* The whiteout of a directory that is there again. */
		if (saying->whiteout && line->type == LISTING_DIRECTORY)
			line->is_opaque = true;
	}
}

static int note_lines(struct hidden *hidden, const struct sayings *sayings,
		      struct error *err)
{
	for (size_t i = 0; i < sayings->count; i++)
		if (hidden_note(hidden, &sayings->list[i].line, err) < 0)
			return -1;
	return 0;
}

static int make_lines(struct listing *listing, struct sayings *sayings,
		      const struct base *base, struct error *err)
{
	AUTO(hidden) hidden = { 0 };

	if (base && note_lines(&hidden, sayings, err) < 0)
		return -1;
	for (size_t i = 0; i < sayings->count; i++) {
		/* Its strings live on in the listing. */
		struct listing_line line = sayings->list[i].line;

		if (listing_append(listing, &sayings->list[i].line, err) < 0 ||
		    (base &&
		     hidden_append(&hidden, base, &line, listing, err) < 0))
			return -1;
	}
	return 0;
}

int listing_read(struct listing *listing, int fd, const struct base *base,
		 struct error *err)
{
	AUTO(sayings) sayings = { 0 };
	AUTO(listing) new = { 0 };

	if (read_sayings(&sayings, fd, err) < 0)
		return -1;
	sayings_settle(&sayings);
	mark_lines(&sayings, base);
	if (make_lines(&new, &sayings, base, err) < 0)
		return -1;
	listing_release(listing);
	*listing = new;
	new = (struct listing){ 0 };
	return 0;
}

int listing_print(const struct listing *listing, FILE *out, struct error *err)
{
	AUTO(quote) quote = { 0 };

	quote_start(&quote);
	for (size_t i = 0; i < listing->count; i++) {
		const struct listing_line *line = &listing->lines[i];

		(void)fprintf(out, "%c ", line->mark);
		quote_print(&quote, *line->path ? line->path : ".", out);
		(void)fputc('\n', out);
		if (ferror(out))
			return error_errno(err, "write the listing");
	}
	if (fflush(out) != 0)
		return error_errno(err, "write the listing");
	return 0;
}

int listing_append(struct listing *listing, struct listing_line *line,
		   struct error *err)
{
	size_t room = listing->room ? listing->room * 2 : 64;
	struct listing_line *lines;

	if (listing->count == LISTING_ENTRIES_MAX)
		return error_set(err, E2BIG, "more than %d paths",
				 LISTING_ENTRIES_MAX);
	if (listing->count == listing->room) {
		lines = realloc(listing->lines, room * sizeof(*lines));
		if (!lines)
			return error_errno(err, "list the layer");
		listing->lines = lines;
		listing->room = room;
	}
	listing->lines[listing->count++] = *line;
	*line = (struct listing_line){ 0 };
	return 0;
}

void listing_line_release(struct listing_line *line)
{
	free(line->path);
	free(line->target);
	*line = (struct listing_line){ 0 };
}

void listing_release(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		listing_line_release(&listing->lines[i]);
	free(listing->lines);
	*listing = (struct listing){ 0 };
}
