/* SPDX-License-Identifier: MIT */
/* listing.c - see listing.h */
#include "host/layer/listing.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/path.h"
#include "guest/shared/whiteout.h"
#include "host/layer/quote.h"

#define READ_BLOCK 262144 /* bytes */

/* What the entries of one name say of a path. */
struct saying {
	char *path;  /* owned; NULL once it has become a line */
	size_t turn; /* the place in the tar */
	bool entry;
	bool whiteout;
	bool opaque;
	bool changed; /* it was there before, and so were all above it */
};

struct reader {
	struct archive *archive; /* owned */
	int fd;
	int read_errno;	     /* why read(2) failed, 0 if it did not */
	char *buffer;	     /* owned; READ_BLOCK bytes */
	struct saying *list; /* owned */
	size_t count;
	size_t room;
	uint64_t names; /* bytes */
};

static void reader_release(struct reader *reader)
{
	archive_read_free(reader->archive);
	free(reader->buffer);
	for (size_t i = 0; i < reader->count; i++)
		free(reader->list[i].path);
	free(reader->list);
}

DEFINE_AUTO(reader, reader_release)

static la_ssize_t read_block(struct archive *archive, void *client,
			     const void **block)
{
	struct reader *reader = client;
	ssize_t n;

	do
		n = read(reader->fd, reader->buffer, READ_BLOCK);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		reader->read_errno = errno;
		archive_set_error(archive, errno, "%s", strerror(errno));
	}
	*block = reader->buffer;
	return n;
}

static int malformed(struct reader *reader, struct error *err)
{
	const char *why;

	if (reader->read_errno != 0)
		return error_set(err, reader->read_errno, "%s",
				 strerror(reader->read_errno));
	why = archive_error_string(reader->archive);
	if (why && strcmp(why, "Unrecognized archive format") == 0)
		return error_set(err, EINVAL, "not a tar archive");
	return error_set(err, EINVAL, "not a well-formed tar: %s",
			 why ? why : "no reason given");
}

/* No skipping: what is only skipped may not be there, and nobody would see. */
static int open_tar(struct reader *reader, struct error *err)
{
	struct archive *a = archive_read_new();

	reader->archive = a;
	reader->buffer = malloc(READ_BLOCK);
	if (!a || !reader->buffer)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (archive_read_support_filter_gzip(a) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(a) != ARCHIVE_OK ||
	    archive_read_support_filter_xz(a) != ARCHIVE_OK ||
	    archive_read_support_filter_bzip2(a) != ARCHIVE_OK ||
	    archive_read_support_format_tar(a) != ARCHIVE_OK ||
	    archive_read_open(a, reader, NULL, read_block, NULL) != ARCHIVE_OK)
		return malformed(reader, err);
	return 0;
}

static int grow(struct reader *reader)
{
	size_t room = reader->room ? reader->room * 2 : 64;
	struct saying *list;

	if (reader->count < reader->room)
		return 0;
	list = realloc(reader->list, room * sizeof(*list));
	if (!list)
		return -1;
	reader->list = list;
	reader->room = room;
	return 0;
}

/* Takes what is said of `path`. */
static int add(struct reader *reader, struct saying saying, const char *path,
	       struct error *err)
{
	if (reader->count == LISTING_ENTRIES_MAX)
		return error_set(err, E2BIG, "more than %d entries",
				 LISTING_ENTRIES_MAX);
	reader->names += strlen(path) + 1;
	if (reader->names > LISTING_NAMES_MAX)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " bytes of "
				 "names",
				 LISTING_NAMES_MAX);
	saying.path = strdup(path);
	saying.turn = reader->count;
	if (!saying.path || grow(reader) < 0) {
		free(saying.path);
		return error_errno(err, "list '%s'", path);
	}
	reader->list[reader->count++] = saying;
	return 0;
}

static int add_entry(struct reader *reader, const char *name, struct error *err)
{
	struct saying saying = { 0 };
	char path[PATH_SIZE];
	const char *hidden = NULL;
	char *base;

	if (path_normalize(path, name, err) < 0)
		return error_prefix(err, "'%s'", name);
	base = path + (path_base(path) - path);
	switch (whiteout_classify(base, &hidden)) {
	case WHITEOUT_NONE:
		saying.entry = true;
		break;
	case WHITEOUT_NAME:
		saying.whiteout = true;
		memmove(base, hidden, strlen(hidden) + 1);
		break;
	case WHITEOUT_OPAQUE:
		saying.opaque = true;
		base[base > path ? -1 : 0] = '\0';
		break;
	case WHITEOUT_METADATA:
		return 0;
	default:
		return error_set(err, EINVAL,
				 "'%s' is not the name of a "
				 "whiteout",
				 path);
	}
	return add(reader, saying, path, err);
}

/* Names that the C locale cannot convert are the reason of most warnings; the
 * bytes are there. A name that is lost is an error below. */
static int read_entries(struct reader *reader, struct error *err)
{
	struct archive_entry *entry;
	int result;

	while ((result = archive_read_next_header(reader->archive, &entry)) ==
		       ARCHIVE_OK ||
	       result == ARCHIVE_WARN) {
		const char *name = archive_entry_pathname(entry);

		if (!name)
			return error_set(err, EINVAL,
					 "an entry without a "
					 "name");
		if (add_entry(reader, name, err) < 0)
			return -1;
	}
	if (result == ARCHIVE_EOF)
		return 0;
	return malformed(reader, err);
}

static int compare_paths(const void *a, const void *b)
{
	const struct saying *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order != 0)
		return order;
	return x->turn < y->turn ? -1 : x->turn > y->turn;
}

static int compare_turns(const void *a, const void *b)
{
	const struct saying *x = a, *y = b;

	return x->turn < y->turn ? -1 : x->turn > y->turn;
}

/* All that is said of one path becomes one, in the place of the first. */
static void merge(struct reader *reader)
{
	size_t kept = 0;

	qsort(reader->list, reader->count, sizeof(*reader->list),
	      compare_paths);
	for (size_t i = 1; i < reader->count; i++) {
		struct saying *last = &reader->list[kept];
		struct saying *next = &reader->list[i];

		if (strcmp(last->path, next->path) != 0) {
			reader->list[++kept] = *next;
			continue;
		}
		last->entry |= next->entry;
		last->whiteout |= next->whiteout;
		last->opaque |= next->opaque;
		free(next->path);
	}
	reader->count = kept + 1;
}

static int compare_path(const void *path, const void *saying)
{
	return strcmp(path, ((const struct saying *)saying)->path);
}

/* What has something deleted in it was there before. */
static void mark_above(struct reader *reader, const char *path)
{
	char above[PATH_SIZE];

	memcpy(above, path, strlen(path) + 1);
	while (*above) {
		char *slash = strrchr(above, '/');
		struct saying *found;

		*(slash ? slash : above) = '\0';
		found = bsearch(above, reader->list, reader->count,
				sizeof(*reader->list), compare_path);
		if (found && found->changed)
			return;
		if (found)
			found->changed = true;
	}
}

static void mark_changed(struct reader *reader)
{
	for (size_t i = 0; i < reader->count; i++) {
		struct saying *saying = &reader->list[i];

		if (!saying->whiteout && !saying->opaque)
			continue;
		mark_above(reader, saying->path);
		saying->changed = saying->entry || saying->opaque;
	}
}

static enum listing_mark mark(const struct saying *saying,
			      const struct listing_below *below)
{
	if (saying->changed)
		return LISTING_CHANGED;
	if (saying->whiteout)
		return LISTING_DELETED;
	if (below && below->exists &&
	    below->exists(below->context, saying->path))
		return LISTING_CHANGED;
	return LISTING_ADDED;
}

int listing_read(struct listing *listing, int fd,
		 const struct listing_below *below, struct error *err)
{
	AUTO(reader) reader = { .fd = fd };
	struct listing_line *lines;

	if (open_tar(&reader, err) < 0 || read_entries(&reader, err) < 0)
		return -1;
	if (reader.count > 0) {
		merge(&reader);
		mark_changed(&reader);
		qsort(reader.list, reader.count, sizeof(*reader.list),
		      compare_turns);
	}
	lines = calloc(reader.count + 1, sizeof(*lines));
	if (!lines)
		return error_errno(err, "list the layer");
	for (size_t i = 0; i < reader.count; i++) {
		lines[i].mark = mark(&reader.list[i], below);
		lines[i].path = take_pointer(&reader.list[i].path);
	}
	listing_release(listing);
	*listing = (struct listing){ lines, reader.count };
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

void listing_release(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		free(listing->lines[i].path);
	free(listing->lines);
	*listing = (struct listing){ 0 };
}
