/* SPDX-License-Identifier: MIT */
/* layer_read.c - see layer_read.h */
#include "guest/shared/layer_read.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/layer_apply.h"
#include "guest/shared/layer_header.h"
#include "guest/shared/layer_warn.h"
#include "guest/shared/path.h"

/* libarchive says this of names that are not ASCII, in the C locale, and then
 * gives their bytes as they are. */
#define HARMLESS "can't be converted from UTF-8 to current locale."

/* Padding, and a map of one run of data. */
#define SPAN_SLACK 4096 /* bytes */

struct reader {
	struct layer_slice slice;
	struct layer_apply apply;
	struct layer_warn warn;
	struct layer_stats *stats;
	char name[PATH_SIZE]; /* of the entry at hand, in normal form */
};

/* The data of one entry, for the sink. */
struct archive_data {
	struct layer_data data; /* first: this is what the sink is given */
	struct reader *reader;
	uint64_t size; /* bytes, as the header says */
};

static int next_block(struct layer_data *data, struct layer_block *block,
		      struct error *err)
{
	struct archive_data *d = (struct archive_data *)data;
	struct reader *r = d->reader;
	int status = layer_slice_next(&r->slice, d->size, block, err);

	if (status > 0)
		r->stats->bytes += block->size;
	return status;
}

/*
 * Where the entry is. A map of holes can be a part of the data, and then it
 * is not known how much there is; one that names no hole is short.
 */
static void locate(struct reader *r, struct archive_entry *from,
		   struct layer_data *data)
{
	struct archive *a = r->slice.archive;
	uint64_t end = (uint64_t)archive_filter_bytes(a, 0);
	uint64_t size = (uint64_t)archive_entry_size(from) + SPAN_SLACK;
	uint64_t left = r->slice.source.size - end;

	data->position = (uint64_t)archive_read_header_position(a);
	if (archive_entry_sparse_count(from) > 0 || size > left)
		size = left;
	data->span = end + size - data->position;
}

/* libarchive passes it over, and other readers take it for the next header. */
static int check_no_data(struct reader *r, struct error *err)
{
	const void *bytes;
	size_t size;
	la_int64_t offset;
	int status = archive_read_data_block(r->slice.archive, &bytes, &size,
					     &offset);

	if (status == ARCHIVE_EOF)
		return 0;
	if (status != ARCHIVE_OK)
		return layer_slice_error(&r->slice, err);
	return error_set(err, EBADMSG,
			 "has data, and is of a type that has none");
}

static int give_entry(struct reader *r, struct archive_entry *from,
		      struct error *err)
{
	AUTO(layer_header) header = { 0 };
	struct archive_data data = { { .next = next_block }, r, 0 };

	if (layer_header_read(&header, from, &r->warn, err) < 0)
		return -1;
	data.size = header.entry.size;
	if (S_ISREG(header.entry.mode))
		locate(r, from, &data.data);
	else if (check_no_data(r, err) < 0)
		return -1;
	return layer_apply_entry(&r->apply, r->name, &header.entry, &data.data,
				 err);
}

static int read_entry(struct reader *r, struct archive_entry *from,
		      struct error *err)
{
	const char *target = archive_entry_hardlink(from);
	bool is_marker;

	if (layer_apply_marker(&r->apply, r->name, &is_marker, err) < 0)
		return -1;
	if (is_marker)
		return 0;
	if (target)
		return layer_apply_link(&r->apply, r->name, target, err);
	return give_entry(r, from, err);
}

/* libarchive would do it, but could not say any more whose data it was. */
static int skip_rest(struct reader *r, struct error *err)
{
	if (archive_read_data_skip(r->slice.archive) != ARCHIVE_OK)
		return layer_slice_error(&r->slice, err);
	return 0;
}

/* Messages have 1,020 bytes and names may have more: the cause must show. */
static int named_error(const char *name, struct error *err)
{
	return error_prefix(err, "entry '%.400s'", name);
}

/*
 * The string is looked at and not the status: libarchive reports an ACL that
 * it could not read in the former alone.
 */
static bool has_lost_something(const struct reader *r)
{
	const char *said = archive_error_string(r->slice.archive);

	return said && !strstr(said, HARMLESS);
}

static int read_named(struct reader *r, struct archive_entry *from,
		      struct error *err)
{
	const char *raw = archive_entry_pathname(from);
	const char *shown;

	if (!raw)
		raw = "";
	if (has_lost_something(r)) {
		(void)layer_slice_error(&r->slice, err);
		return named_error(raw, err);
	}
	if (path_normalize(r->name, raw, err) < 0)
		return named_error(raw, err);
	shown = *r->name ? r->name : "./";
	r->warn.entry = shown;
	if (read_entry(r, from, err) < 0 || skip_rest(r, err) < 0)
		return named_error(shown, err);
	r->warn.entry = NULL;
	return 0;
}

static int read_entries(struct reader *r, struct error *err)
{
	struct archive *a = r->slice.archive;

	for (;;) {
		int64_t position = archive_filter_bytes(a, 0);
		struct archive_entry *from;
		int status = layer_slice_header(&r->slice, &from);

		if (status == ARCHIVE_EOF)
			return 0;
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
			(void)layer_slice_error(&r->slice, err);
			return error_prefix(err, "header at byte %" PRId64,
					    position);
		}
		if (++r->stats->entries > LAYER_ENTRIES_MAX)
			return error_set(err, E2BIG,
					 "more than %" PRIu64 " entries",
					 LAYER_ENTRIES_MAX);
		if (read_named(r, from, err) < 0)
			return -1;
	}
}

static int read_slice(struct reader *r, const struct layer_source *source,
		      struct error *err)
{
	if (source->size == 0)
		return 0;
	if (layer_slice_open(&r->slice, source, err) < 0)
		return -1;
	return read_entries(r, err);
}

static void reader_release(struct reader *r)
{
	layer_apply_release(&r->apply);
	layer_slice_release(&r->slice);
}

DEFINE_AUTO(reader, reader_release)

int layer_read(const struct layer_source *source, struct layer_sink *sink,
	       const struct layer_options *options, struct layer_stats *stats,
	       struct error *err)
{
	AUTO(reader) r = { .stats = stats };
	int status;

	*stats = (struct layer_stats){ 0 };
	r.warn.print = options->warn;
	r.warn.context = options->warn_context;
	r.slice.advance = options->advance;
	r.slice.context = options->warn_context;
	status = layer_apply_init(&r.apply, sink, &r.warn, err);
	if (status == 0)
		status = read_slice(&r, source, err);
	if (status == 0)
		status = layer_apply_finish(&r.apply, err);
	stats->warnings = r.warn.count;
	stats->opaque_root = r.apply.opaque_root;
	stats->root_implied = r.apply.tree.root && !r.apply.tree.root->data;
	return status;
}
