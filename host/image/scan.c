/* SPDX-License-Identifier: MIT */
/* scan.c - see scan.h */
#include "host/image/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/io.h"
#include "host/image/member_bytes.h"
#include "host/jail/jail.h"

#define BLOCK 512 /* bytes; every header and every member's data fill some */

/*
 * Read at once when a header is wanted. Little, as what lies between two
 * headers is skipped.
 */
#define CHUNK (16 * 1024) /* bytes */

struct scan {
	const struct source *source;
	struct jail *jail;
	struct members *members;
	uint64_t position;
	uint64_t end; /* of the last member with its padding */
	char chunk[CHUNK];
};

static void release_reader(struct archive **reader)
{
	(void)archive_read_free(*reader);
}

#define autoreader __attribute__((cleanup(release_reader)))

static ssize_t scan_read(struct archive *reader, void *context,
			 const void **bytes)
{
	struct scan *scan = context;
	ssize_t n =
		io_pread(scan->source->fd, scan->chunk, CHUNK, scan->position);

	if (n < 0)
		archive_set_error(reader, errno, "%s", strerror(errno));
	else
		scan->position += (uint64_t)n;
	*bytes = scan->chunk;
	return n;
}

static la_int64_t scan_skip(struct archive *reader, void *context,
			    la_int64_t count)
{
	struct scan *scan = context;
	uint64_t size = scan->source->size;
	uint64_t left = size > scan->position ? size - scan->position : 0;

	(void)reader;
	if ((uint64_t)count > left)
		count = (la_int64_t)left;
	scan->position += (uint64_t)count;
	return count;
}

static enum member_kind kind_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry))
		return MEMBER_HARDLINK;
	if (archive_entry_filetype(entry) == AE_IFLNK)
		return MEMBER_SYMLINK;
	if (archive_entry_filetype(entry) != AE_IFREG)
		return MEMBER_OTHER;
	return archive_entry_sparse_count(entry) > 0 ? MEMBER_SPARSE
						     : MEMBER_FILE;
}

static const char *target_of(struct archive_entry *entry, enum member_kind kind)
{
	const char *target = NULL;

	if (kind == MEMBER_HARDLINK)
		target = archive_entry_hardlink(entry);
	if (kind == MEMBER_SYMLINK)
		target = archive_entry_symlink(entry);
	return target ? target : "";
}

static uint64_t padded(uint64_t size)
{
	return (size + BLOCK - 1) / BLOCK * BLOCK;
}

static int say_archive(struct archive *reader, struct error *err)
{
	const char *why = archive_error_string(reader);
	int code = archive_errno(reader);

	/* No format was recognised before the first header. */
	if (archive_format(reader) == 0 && code != EIO && code != ENOMEM)
		return error_set(err, EINVAL, "not a tar archive");
	return error_set(err, code == EIO || code == ENOMEM ? code : EINVAL,
			 "%s", why ? why : "damaged archive");
}

/*
 * How many bytes a member has in the file is what libarchive skips; a map of
 * holes can make that differ from its size without naming a single hole.
 */
static int skip_data(struct scan *scan, struct archive *reader,
		     struct member *member, struct error *err)
{
	uint64_t size = scan->source->size;

	if (member->kind == MEMBER_FILE &&
	    (member->offset > size || member->size > size - member->offset))
		return error_set(err, EINVAL,
				 "is truncated: '%s' needs %" PRIu64
				 " bytes at %" PRIu64 ", the file has %" PRIu64,
				 member->name, member->size, member->offset,
				 size);

	/* Padding that is cut off hurts nobody. */
	if (member->kind == MEMBER_FILE &&
	    padded(member->size) > size - member->offset) {
		scan->end = size;
		return 0;
	}
	if (archive_read_data_skip(reader) != ARCHIVE_OK)
		return say_archive(reader, err);
	scan->end = (uint64_t)archive_filter_bytes(reader, 0);
	if (member->kind == MEMBER_FILE &&
	    scan->end - member->offset != padded(member->size))
		member->kind = MEMBER_SPARSE;
	return 0;
}

static int add_member(struct scan *scan, struct archive *reader,
		      struct archive_entry *entry, struct error *err)
{
	const char *path = archive_entry_pathname(entry);
	autofree char *name = member_name(NULL, path ? path : "");
	autofree char *target = NULL;
	struct member member;

	if (!name && errno == ENOMEM)
		return error_errno(err, "list the members");
	member = (struct member){
		.name = name,
		.kind = name ? kind_of(entry) : MEMBER_OTHER,
		.offset = (uint64_t)archive_filter_bytes(reader, 0),
		.size = (uint64_t)archive_entry_size(entry),
	};
	if (skip_data(scan, reader, &member, err) < 0)
		return -1;
	if (!name)
		return 0;

	target = strdup(target_of(entry, member.kind));
	if (!target)
		return error_errno(err, "list the members");
	member.name = take_pointer(&name);
	member.target = take_pointer(&target);
	return members_add(scan->members, &member, err);
}

static int scan_all(struct scan *scan, struct archive *reader,
		    struct error *err)
{
	struct archive_entry *entry;
	int r;

	for (;;) {
		/* The padding of the last member was missing. */
		if (scan->end > 0 && scan->end == scan->source->size)
			break;
		r = archive_read_next_header(reader, &entry);
		if (r == ARCHIVE_EOF)
			break;
		/* A warning is about names in pax headers; the bytes are kept. */
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return say_archive(reader, err);
		if (jail_tick(scan->jail, 0) < 0)
			return error_errno(err, "list the members");
		if (add_member(scan, reader, entry, err) < 0)
			return -1;
	}
	members_sort(scan->members);
	return 0;
}

static int put_members(const struct scan *scan, struct error *err)
{
	const uint64_t end = scan->end;
	autofree char *bytes = NULL;
	size_t size;

	if (member_bytes_write(scan->members, &bytes, &size, err) < 0 ||
	    jail_put(scan->jail, &end, sizeof(end), err) < 0)
		return -1;
	return jail_put(scan->jail, bytes, size, err);
}

static int scan_inside(struct jail *jail, void *context, struct error *err)
{
	autoreader struct archive *reader = archive_read_new();
	struct scan scan = { .source = context, .jail = jail };
	AUTO(members) found = { 0 };

	if (!reader)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	scan.members = &found;
	if (archive_read_support_format_tar(reader) != ARCHIVE_OK ||
	    archive_read_open2(reader, &scan, NULL, scan_read, scan_skip,
			       NULL) != ARCHIVE_OK)
		return say_archive(reader, err);
	if (scan_all(&scan, reader, err) < 0)
		return -1;
	return put_members(&scan, err);
}

int scan_members(const struct source *source, const struct image_work *work,
		 struct members *members, bool *is_cut, struct error *err)
{
	const struct jail_work inside = {
		.what = "the archive",
		.work = scan_inside,
		.context = (void *)source,
		.fds = &source->fd,
		.fd_count = 1,
		.result_max = sizeof(uint64_t) + MEMBER_BYTES_MAX,
		.advance = work->advance,
		.advance_context = work->context,
	};
	AUTO(jail_result) result = { 0 };
	AUTO(members) found = { 0 };
	uint64_t end;

	if (jail_run(&inside, &result, err) < 0)
		return -1;
	if (result.size < sizeof(end))
		return error_set(err, EPROTO, "no list of members");
	memcpy(&end, result.bytes, sizeof(end));
	if (member_bytes_read(&found, (const char *)result.bytes + sizeof(end),
			      result.size - sizeof(end), source->size, err) < 0)
		return -1;
	members_sort(&found);

	*members = found;
	found = (struct members){ 0 };
	*is_cut = source->size <= end;
	return 0;
}

static int first_inside(struct jail *jail, void *context, struct error *err)
{
	autoreader struct archive *reader = archive_read_new();
	struct scan scan = { .source = context, .jail = jail };
	struct archive_entry *entry;
	int r;

	if (!reader)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (archive_read_support_format_tar(reader) != ARCHIVE_OK ||
	    archive_read_open2(reader, &scan, NULL, scan_read, scan_skip,
			       NULL) != ARCHIVE_OK)
		return say_archive(reader, err);
	r = archive_read_next_header(reader, &entry);
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN && r != ARCHIVE_EOF)
		return say_archive(reader, err);
	return 0;
}

int scan_first(int fd, uint64_t size, struct error *err)
{
	const struct source source = { .fd = fd, .size = size };
	const struct jail_work inside = {
		.what = "the archive",
		.work = first_inside,
		.context = (void *)&source,
		.fds = &fd,
		.fd_count = 1,
	};
	AUTO(jail_result) nothing = { 0 };

	return jail_run(&inside, &nothing, err);
}
