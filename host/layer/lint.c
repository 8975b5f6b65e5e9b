/* SPDX-License-Identifier: MIT */
/* lint.c - see lint.h */
#include "host/layer/lint.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <archive.h>

#include "guest/shared/layer_read.h"
#include "host/layer/lint_state.h"

/* libarchive says this of names that are not ASCII, in the C locale, and then
 * gives their bytes as they are. */
#define HARMLESS "can't be converted from UTF-8 to current locale."

#define DONE 1 /* nothing more can be said of the layer */

static void lint_release(struct lint *lint)
{
	layer_slice_release(&lint->slice);
	if (lint->root)
		(void)layer_node_empty(lint->root);
	free(lint->root);
	for (size_t i = 0; i < lint->link_count; i++)
		free(lint->links[i].target);
	free(lint->links);
}

DEFINE_AUTO(lint, lint_release)

struct layer_node *lint_node(struct lint *lint, const char *path)
{
	return layer_node_place(lint->root, path, &lint->held);
}

const char *lint_shown(const char *path)
{
	return *path ? path : "./";
}

/* A read that failed is the host's trouble; all else is the layer's. */
static int say_malformed(struct lint *lint, struct error *err)
{
	struct error why = { 0 };

	(void)layer_slice_error(&lint->slice, &why);
	if (lint->slice.failed != 0 && lint->slice.failed != EIO) {
		*err = why;
		return -1;
	}
	findings_add(lint->findings, RULE_TAR, "after %" PRIu64 " entries: %s",
		     lint->entries, why.msg);
	return DONE;
}

static bool has_lost_something(const struct lint *lint)
{
	const char *said = archive_error_string(lint->slice.archive);

	return said && !strstr(said, HARMLESS);
}

/* Entries must stand one right behind the other; of sparse files it is not
 * known here where they end. */
static int read_raw(struct lint *lint, struct error *err)
{
	int64_t at = archive_read_header_position(lint->slice.archive);
	struct error why = { 0 };

	if (lint->next != UINT64_MAX && (uint64_t)at != lint->next)
		findings_add(lint->findings, RULE_TAR,
			     "'%.400s' does not begin where the entry before "
			     "it ends",
			     lint->name);
	if (raw_read(&lint->raw, &lint->source, (uint64_t)at, &why) < 0) {
		if (why.code != EIO) {
			*err = why;
			return -1;
		}
		findings_add(lint->findings, RULE_TAR, "'%.400s': %s",
			     lint->name, why.msg);
		return DONE;
	}
	if (lint->raw.notes & RAW_TOO_MANY) {
		findings_add(lint->findings, RULE_LIMIT,
			     "'%.400s' has too many or too long headers; the "
			     "rest is not looked at",
			     lint->name);
		return DONE;
	}
	/* Before POSIX a slash at the end made a directory. */
	if (lint->raw.type == '0' &&
	    archive_entry_filetype(lint->entry) == AE_IFDIR) {
		lint->raw.type = '5';
		lint->raw.notes |= RAW_OLD;
	}
	lint->next = UINT64_MAX;
	if (!(lint->raw.notes & (RAW_SPARSE | RAW_NO_SIZE)) &&
	    lint->raw.size < lint->source.size)
		lint->next = lint->raw.data + (lint->raw.size + RAW_BLOCK - 1) /
						      RAW_BLOCK * RAW_BLOCK;
	return 0;
}

static int check_limits(struct lint *lint)
{
	if (++lint->entries > LAYER_ENTRIES_MAX) {
		findings_add(lint->findings, RULE_LIMIT,
			     "more than %" PRIu64 " entries, which are not "
			     "looked at",
			     LAYER_ENTRIES_MAX);
		return DONE;
	}
	if (lint->held > LINT_HELD_MAX) {
		findings_add(lint->findings, RULE_LIMIT,
			     "its names take more than %" PRIu64
			     " MiB; the rest is not looked at",
			     LINT_HELD_MAX >> 20);
		return DONE;
	}
	return 0;
}

static int check_path(struct lint *lint, struct error *err)
{
	if (lint_place(lint, err) < 0 || lint_marker(lint, err) < 0 ||
	    lint_link(lint, err) < 0)
		return -1;
	memcpy(lint->before, lint->path, strlen(lint->path) + 1);
	lint->before_directory = lint->raw.type == '5';
	return 0;
}

static int check_entry(struct lint *lint, struct error *err)
{
	const char *name = archive_entry_pathname(lint->entry);
	bool usable;
	int status;

	lint->name = name ? name : "";
	status = check_limits(lint);
	if (status != 0)
		return status;
	if (has_lost_something(lint))
		findings_add(lint->findings, RULE_TAR, "'%.400s': %s",
			     lint->name,
			     archive_error_string(lint->slice.archive));
	status = read_raw(lint, err);
	if (status != 0)
		return status;
	if (lint_form(lint, err) < 0 || lint_attributes(lint, err) < 0)
		return -1;
	lint_name(lint, &usable);
	return usable ? check_path(lint, err) : 0;
}

/* Zeros may follow the two blocks: GNU tar fills up its records. */
static int check_end(struct lint *lint, struct error *err)
{
	unsigned char block[RAW_BLOCK], zeros[RAW_BLOCK] = { 0 };
	uint64_t at = lint->next;

	if (at == UINT64_MAX)
		return 0;
	if (at > lint->source.size || lint->source.size - at < 2 * RAW_BLOCK) {
		findings_add(lint->findings, RULE_TAR_END,
			     "it has no end of two blocks of zeros");
		return 0;
	}
	for (; lint->source.size - at >= RAW_BLOCK; at += RAW_BLOCK) {
		if (raw_block(&lint->source, at, block, err) < 0)
			return -1;
		if (memcmp(block, zeros, sizeof(zeros)) == 0)
			continue;
		findings_add(lint->findings, RULE_TAR_END,
			     "there is something after the end, at byte "
			     "%" PRIu64,
			     at);
		return 0;
	}
	return 0;
}

static int read_entries(struct lint *lint, const struct image_work *work,
			struct error *err)
{
	struct archive *a = lint->slice.archive;
	int status;

	for (;;) {
		status = archive_read_next_header(a, &lint->entry);
		if (status == ARCHIVE_EOF)
			return check_end(lint, err);
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
			return say_malformed(lint, err);
		if (work->advance && work->advance(work->context, 0) != 0)
			return error_set(err, ECANCELED, "cancelled");
		status = check_entry(lint, err);
		if (status != 0)
			return status;
		if (archive_read_data_skip(a) != ARCHIVE_OK)
			return say_malformed(lint, err);
	}
}

int lint_layer(const struct layer_source *source, const struct base *base,
	       const struct image_work *work, struct findings *findings,
	       struct error *err)
{
	AUTO(lint)
	lint = { .findings = findings, .source = *source, .base = base };

	lint.root = layer_node_new(NULL, "", 0);
	if (!lint.root)
		return error_errno(err, "remember a name");
	if (source->size == 0)
		return check_end(&lint, err);
	if (layer_slice_open(&lint.slice, source, err) < 0) {
		if (err->code != EBADMSG && err->code != EIO)
			return -1;
		findings_add(findings, RULE_TAR, "%s", err->msg);
		return 0;
	}
	if (read_entries(&lint, work, err) < 0)
		return -1;
	lint_late_links(&lint);
	return 0;
}
