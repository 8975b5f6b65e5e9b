/* SPDX-License-Identifier: MIT */
/* sayings.c - see sayings.h */
#include "host/layer/sayings.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "guest/shared/path.h"
#include "guest/shared/whiteout.h"

static int grow(struct sayings *sayings)
{
	size_t room = sayings->room ? sayings->room * 2 : 64;
	struct saying *list;

	if (sayings->count < sayings->room)
		return 0;
	list = realloc(sayings->list, room * sizeof(*list));
	if (!list)
		return -1;
	sayings->list = list;
	sayings->room = room;
	return 0;
}

static int charge(struct sayings *sayings, const char *text, struct error *err)
{
	sayings->names += text ? strlen(text) + 1 : 0;
	if (sayings->names > LISTING_NAMES_MAX)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " bytes of names",
				 LISTING_NAMES_MAX);
	return 0;
}

/* Takes what is said of `path`; the line has none yet, and borrows its target. */
static int keep(struct sayings *sayings, struct saying saying, const char *path,
		struct error *err)
{
	const char *target = saying.line.target;

	if (sayings->count == LISTING_ENTRIES_MAX)
		return error_set(err, E2BIG, "more than %d entries",
				 LISTING_ENTRIES_MAX);
	if (charge(sayings, path, err) < 0 || charge(sayings, target, err) < 0)
		return -1;
	saying.turn = sayings->count;
	saying.line.path = strdup(path);
	saying.line.target = target ? strdup(target) : NULL;
	if (!saying.line.path || (target && !saying.line.target) ||
	    grow(sayings) < 0) {
		listing_line_release(&saying.line);
		return error_errno(err, "list '%s'", path);
	}
	sayings->list[sayings->count++] = saying;
	return 0;
}

static enum listing_type type_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry))
		return LISTING_HARD_LINK;
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return LISTING_FILE;
	case AE_IFDIR:
		return LISTING_DIRECTORY;
	case AE_IFLNK:
		return LISTING_SYMLINK;
	case AE_IFCHR:
		return LISTING_CHARACTER_DEVICE;
	case AE_IFBLK:
		return LISTING_BLOCK_DEVICE;
	case AE_IFIFO:
		return LISTING_FIFO;
	default:
		return LISTING_OTHER;
	}
}

/* All but the path. The target stays libarchive's. */
static void describe(struct listing_line *line, struct archive_entry *entry)
{
	int64_t size = archive_entry_size(entry);

	*line = (struct listing_line){
		.type = (uint8_t)type_of(entry),
		.mode = archive_entry_perm(entry) & 07777,
		.uid = archive_entry_uid(entry),
		.gid = archive_entry_gid(entry),
		.mtime = archive_entry_mtime(entry),
	};
	if (line->type == LISTING_FILE && size > 0)
		line->size = (uint64_t)size;
	if (line->type == LISTING_HARD_LINK)
		line->target = (char *)archive_entry_hardlink(entry);
	if (line->type == LISTING_SYMLINK)
		line->target = (char *)archive_entry_symlink(entry);
	if (line->type == LISTING_CHARACTER_DEVICE ||
	    line->type == LISTING_BLOCK_DEVICE) {
		line->major = (uint32_t)archive_entry_rdevmajor(entry);
		line->minor = (uint32_t)archive_entry_rdevminor(entry);
	}
}

/* That of a hard link is a path of the layer; what is none stays as it is. */
static void clean_target(struct listing_line *line, char target[PATH_SIZE])
{
	struct error ignored;

	if (line->type == LISTING_HARD_LINK &&
	    path_normalize(target, line->target, &ignored) == 0)
		line->target = target;
}

int sayings_add(struct sayings *sayings, struct archive_entry *entry,
		struct error *err)
{
	const char *name = archive_entry_pathname(entry);
	struct saying saying = { 0 };
	char path[PATH_SIZE], target[PATH_SIZE];
	const char *hidden = NULL;
	char *base;

	if (path_normalize(path, name, err) < 0)
		return error_prefix(err, "'%s'", name);
	base = path + (path_base(path) - path);
	switch (whiteout_classify(base, &hidden)) {
	case WHITEOUT_NONE:
		describe(&saying.line, entry);
		clean_target(&saying.line, target);
		break;
	case WHITEOUT_NAME:
		saying.whiteout = true;
		memmove(base, hidden, strlen(hidden) + 1);
		break;
	case WHITEOUT_OPAQUE:
		saying.line.is_opaque = true;
		base[base > path ? -1 : 0] = '\0';
		break;
	case WHITEOUT_METADATA:
		return 0;
	default:
		return error_set(err, EINVAL,
				 "'%s' is not the name of a whiteout", path);
	}
	return keep(sayings, saying, path, err);
}

static int compare_turns(const void *a, const void *b)
{
	const struct saying *x = a, *y = b;

	return x->turn < y->turn ? -1 : x->turn > y->turn;
}

static int compare_paths(const void *a, const void *b)
{
	const struct saying *x = a, *y = b;
	int order = strcmp(x->line.path, y->line.path);

	return order != 0 ? order : compare_turns(a, b);
}

/* `next` is of the same path and came later. */
static void join(struct saying *saying, struct saying *next)
{
	struct listing_line *line = &saying->line;
	char *path = take_pointer(&line->path);
	bool opaque = line->is_opaque || next->line.is_opaque;

	saying->whiteout |= next->whiteout;
	if (next->line.type != LISTING_NOTHING) {
		listing_line_release(line);
		*line = next->line;
		next->line = (struct listing_line){ .path = line->path };
	}
	line->path = path;
	line->is_opaque = opaque;
	listing_line_release(&next->line);
}

static void merge(struct sayings *sayings)
{
	size_t kept = 0;

	for (size_t i = 1; i < sayings->count; i++) {
		struct saying *last = &sayings->list[kept];
		struct saying *next = &sayings->list[i];

		if (strcmp(last->line.path, next->line.path) == 0)
			join(last, next);
		else
			sayings->list[++kept] = *next;
	}
	sayings->count = kept + 1;
}

static int compare_path(const void *path, const void *saying)
{
	return strcmp(path, ((const struct saying *)saying)->line.path);
}

/* What has something deleted in it was there before. */
static void mark_above(struct sayings *sayings, const char *path)
{
	char above[PATH_SIZE];

	memcpy(above, path, strlen(path) + 1);
	while (*above) {
		char *slash = strrchr(above, '/');
		struct saying *found;

		*(slash ? slash : above) = '\0';
		found = bsearch(above, sayings->list, sayings->count,
				sizeof(*sayings->list), compare_path);
		if (found && found->was_there)
			return;
		if (found)
			found->was_there = true;
	}
}

static void mark_what_was_there(struct sayings *sayings)
{
	for (size_t i = 0; i < sayings->count; i++) {
		struct saying *saying = &sayings->list[i];

		if (!saying->whiteout && !saying->line.is_opaque)
			continue;
		mark_above(sayings, saying->line.path);
		saying->was_there = true;
	}
}

void sayings_settle(struct sayings *sayings)
{
	if (sayings->count == 0)
		return;
	qsort(sayings->list, sayings->count, sizeof(*sayings->list),
	      compare_paths);
	merge(sayings);
	mark_what_was_there(sayings);
	qsort(sayings->list, sayings->count, sizeof(*sayings->list),
	      compare_turns);
}

void sayings_release(struct sayings *sayings)
{
	for (size_t i = 0; i < sayings->count; i++)
		listing_line_release(&sayings->list[i].line);
	free(sayings->list);
	*sayings = (struct sayings){ 0 };
}
