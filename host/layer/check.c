/* SPDX-License-Identifier: MIT */
/* check.c - see check.h */
#include "host/layer/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/path.h"
#include "guest/shared/whiteout.h"
#include "host/layer/framing.h"
#include "host/layer/place.h"
#include "host/layer/targets.h"

#define READ_BLOCK 65536 /* bytes */

/* Owner and group are 32 bits, and the last value means "leave it". */
#define ID_MAX UINT32_C(0xfffffffe)

struct check {
	const struct growing *file;
	uint64_t offset; /* where libarchive reads next */
	char *block;	 /* owned; READ_BLOCK bytes that it is given */
	struct layer_limits limits;
	struct archive *archive; /* owned */
	struct place place;
	struct targets targets;
	struct layer_summary summary;

	/* The entry at hand. */
	struct archive_entry *entry; /* libarchive's */
	struct framing framing;
	uint64_t next;	      /* where the next entry must begin */
	char path[PATH_SIZE]; /* normal form; "" is the root */
};

static void check_release(struct check *check)
{
	archive_read_free(check->archive);
	free(check->block);
	place_release(&check->place);
	targets_release(&check->targets);
}

DEFINE_AUTO(check, check_release)

static uint64_t or_default(uint64_t limit, uint64_t otherwise)
{
	return limit ? limit : otherwise;
}

static int malformed(struct check *check, struct error *err)
{
	const char *why = archive_error_string(check->archive);

	return error_set(err, EPROTO, "not a well-formed tar: %s",
			 why ? why : "no reason given");
}

static la_ssize_t read_on(struct archive *archive, void *context,
			  const void **bytes)
{
	struct check *check = context;
	ssize_t n = growing_read(check->file, check->block, READ_BLOCK,
				 check->offset);

	if (n < 0) {
		archive_set_error(archive, errno, "%s", strerror(errno));
		return -1;
	}
	*bytes = check->block;
	check->offset += (uint64_t)n;
	return n;
}

/* Content is not read. A skip beyond the end shows when more is read. */
static la_int64_t skip(struct archive *archive, void *context, la_int64_t size)
{
	struct check *check = context;

	(void)archive;
	check->offset += (uint64_t)size;
	return size;
}

/* Begin to read at the start, for the first or the second time. */
static int rewind_archive(struct check *check, struct error *err)
{
	archive_read_free(check->archive);
	check->archive = archive_read_new();
	check->next = 0;
	check->offset = 0;
	if (!check->archive ||
	    archive_read_support_format_tar(check->archive) != ARCHIVE_OK)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (archive_read_open2(check->archive, check, NULL, read_on, skip,
			       NULL) != ARCHIVE_OK)
		return malformed(check, err);
	return 0;
}

/* In the C locale names that are UTF-8 cannot be converted; the bytes stay. */
static bool is_harmless(struct archive *archive)
{
	const char *why = archive_error_string(archive);

	return why && strstr(why, " can't be converted from UTF-8 to ");
}

/* 1 with check->entry set, 0 at the end of the archive, or -1. */
static int read_entry(struct check *check, struct error *err)
{
	int result = archive_read_next_header(check->archive, &check->entry);

	if (result == ARCHIVE_EOF)
		return 0;
	if (result == ARCHIVE_OK ||
	    (result == ARCHIVE_WARN && is_harmless(check->archive)))
		return 1;
	return malformed(check, err);
}

/* Where libarchive found this entry, there the one before must have ended. */
static int check_framing(struct check *check, struct error *err)
{
	int64_t at = archive_read_header_position(check->archive);
	int64_t size = archive_entry_size(check->entry);
	int64_t there;
	uint64_t data;

	if (at < 0 || (uint64_t)at != check->next)
		return error_set(err, EPROTO, "bytes of no entry at %" PRIu64,
				 check->next);
	if (framing_read(&check->framing, check->file, check->next, err) < 0)
		return -1;
	data = check->framing.type == '0' ? (uint64_t)size : 0;
	if (size < 0 || (uint64_t)size != data)
		return error_set(err, EPROTO, "data of an entry that has none");
	if (check->framing.pax_size ? data <= FRAMING_SIZE_MAX
				    : data != check->framing.size)
		return error_set(err, EPROTO, "two sizes of one entry");
	there = growing_wait(check->file, check->framing.data + data);
	if (there < 0)
		return error_errno(err, "read");
	if (data > (uint64_t)there - check->framing.data)
		return error_set(err, EPROTO, "truncated at byte %" PRId64,
				 there);
	check->next = check->framing.data + (data + FRAMING_BLOCK - 1) /
						    FRAMING_BLOCK *
						    FRAMING_BLOCK;
	return 0;
}

/* The name must be in the one form that the agent uses. */
static int check_name(struct check *check, struct error *err)
{
	const char *name = archive_entry_pathname(check->entry);
	bool directory = check->framing.type == '5';
	struct error why = { 0 };
	size_t length;

	if (!name || path_normalize(check->path, name, &why) < 0)
		return error_set(err, EPROTO, "'%s': %s", name ? name : "",
				 name ? why.msg : "no name");
	length = strlen(check->path);
	if (length == 0 && directory && strcmp(name, "./") == 0)
		return 0;
	if (length == 0 || strncmp(name, check->path, length) != 0 ||
	    strcmp(name + length, directory ? "/" : "") != 0)
		return error_set(err, EPROTO, "'%s' is not in normal form",
				 name);
	return 0;
}

static int check_ids(struct check *check, struct error *err)
{
	const char *uname = archive_entry_uname(check->entry);
	const char *gname = archive_entry_gname(check->entry);
	int64_t uid = archive_entry_uid(check->entry);
	int64_t gid = archive_entry_gid(check->entry);

	if ((uname && *uname) || (gname && *gname))
		return error_set(err, EPROTO, "'%s' names its owner or group",
				 check->path);
	if (uid < 0 || uid > ID_MAX || gid < 0 || gid > ID_MAX)
		return error_set(err, EPROTO,
				 "'%s' has the owner %" PRId64 ":%" PRId64,
				 check->path, uid, gid);
	return 0;
}

static int check_xattrs(struct check *check, struct error *err)
{
	static const char overlay[] = "trusted.overlay.";
	const char *name;
	const void *value;
	size_t size;

	if (archive_entry_sparse_count(check->entry) > 0)
		return error_set(err, EPROTO, "'%s' is sparse", check->path);
	(void)archive_entry_xattr_reset(check->entry);
	while (archive_entry_xattr_next(check->entry, &name, &value, &size) ==
	       ARCHIVE_OK)
		if (strncmp(name, overlay, strlen(overlay)) == 0)
			return error_set(err, EPROTO, "'%s' carries %s",
					 check->path, name);
	return 0;
}

static int check_hard_link(struct check *check, struct error *err)
{
	const char *target = archive_entry_hardlink(check->entry);
	char path[PATH_SIZE];
	struct error why = { 0 };

	if (!target || path_normalize(path, target, &why) < 0 ||
	    strcmp(path, target) != 0)
		return error_set(err, EPROTO,
				 "hard link '%s': '%s' is not in "
				 "normal form",
				 check->path, target ? target : "");
	check->summary.hard_links++;
	return targets_add(&check->targets, target, check->path,
			   check->summary.entries, check->limits.names, err);
}

static int check_symlink(struct check *check, struct error *err)
{
	const char *target = archive_entry_symlink(check->entry);

	if (!target || !*target || strlen(target) >= PATH_SIZE)
		return error_set(err, EPROTO,
				 "symlink '%s' has a target that "
				 "no system takes",
				 check->path);
	check->summary.symlinks++;
	return 0;
}

static int check_device(struct check *check, struct error *err)
{
	dev_t device = archive_entry_rdev(check->entry);

	if (check->framing.type == '3' && device == makedev(0, 0))
		return error_set(err, EPROTO,
				 "'%s' is a device 0:0, which "
				 "overlayfs would take for a deletion",
				 check->path);
	check->summary.devices++;
	return 0;
}

/* Types of tar entries (POSIX, pax, "ustar Interchange Format"). */
static int check_type(struct check *check, struct error *err)
{
	mode_t type = archive_entry_filetype(check->entry);
	static const mode_t types[] = { AE_IFREG, 0,	    AE_IFLNK, AE_IFCHR,
					AE_IFBLK, AE_IFDIR, AE_IFIFO };
	bool is_link = archive_entry_hardlink(check->entry) != NULL;

	if (is_link != (check->framing.type == '1') ||
	    (!is_link && type != types[check->framing.type - '0']))
		return error_set(err, EPROTO, "'%s' has two types",
				 check->path);
	switch (check->framing.type) {
	case '0':
		check->summary.files++;
		return 0;
	case '1':
		return check_hard_link(check, err);
	case '2':
		return check_symlink(check, err);
	case '3':
	case '4':
		return check_device(check, err);
	case '5':
		check->summary.directories++;
		return 0;
	default:
		check->summary.fifos++;
		return 0;
	}
}

static int check_content(struct check *check, struct error *err)
{
	uint64_t size = (uint64_t)archive_entry_size(check->entry);

	if (size > check->limits.content - check->summary.content)
		return error_set(err, E2BIG,
				 "more than %" PRIu64 " bytes of "
				 "content",
				 check->limits.content);
	check->summary.content += size;
	return 0;
}

/* A deletion is a name and nothing else. */
static int check_marker(struct check *check, uint64_t *count, struct error *err)
{
	if (check->framing.type != '0' || archive_entry_size(check->entry) != 0)
		return error_set(err, EPROTO,
				 "'%s' stands for a deletion, and "
				 "must be an empty file",
				 check->path);
	++*count;
	return 0;
}

static int check_kind(struct check *check, struct error *err)
{
	const char *hidden;

	switch (whiteout_classify(path_base(check->path), &hidden)) {
	case WHITEOUT_NAME:
		return check_marker(check, &check->summary.whiteouts, err);
	case WHITEOUT_OPAQUE:
		return check_marker(check, &check->summary.opaques, err);
	case WHITEOUT_METADATA:
	case WHITEOUT_INVALID:
		return error_set(err, EPROTO,
				 "'%s' is not the name of a "
				 "whiteout",
				 check->path);
	default:
		return check_type(check, err);
	}
}

static int check_place(struct check *check, struct error *err)
{
	if (*check->path)
		return place_take(&check->place, check->path,
				  check->framing.type == '5',
				  check->limits.names, err);
	if (check->summary.entries > 0)
		return error_set(err, EPROTO,
				 "the root is not the first "
				 "entry");
	return 0;
}

static int check_entry(struct check *check, struct error *err)
{
	if (check->limits.advance &&
	    check->limits.advance(check->limits.context, 0) != 0)
		return error_set(err, ECANCELED, "cancelled");
	if (check->summary.entries == check->limits.entries)
		return error_set(err, E2BIG, "more than %" PRIu64 " entries",
				 check->limits.entries);
	if (check_framing(check, err) < 0 || check_name(check, err) < 0 ||
	    check_kind(check, err) < 0 || check_place(check, err) < 0 ||
	    check_ids(check, err) < 0 || check_xattrs(check, err) < 0 ||
	    check_content(check, err) < 0)
		return -1;
	check->summary.entries++;
	return 0;
}

/* The second reading, now that it is known which files are linked to. */
static int check_targets(struct check *check, struct error *err)
{
	int more;

	if (check->targets.count == 0)
		return 0;
	targets_sort(&check->targets);
	if (rewind_archive(check, err) < 0)
		return -1;
	for (uint64_t i = 0; (more = read_entry(check, err)) > 0; i++) {
		const char *path = archive_entry_pathname(check->entry);
		const char *hidden;

		if (archive_entry_filetype(check->entry) == AE_IFREG &&
		    !archive_entry_hardlink(check->entry) &&
		    whiteout_classify(path_base(path), &hidden) ==
			    WHITEOUT_NONE)
			targets_meet(&check->targets, path, i);
	}
	return more < 0 ? -1 : targets_check(&check->targets, err);
}

static int check_all(struct check *check, struct error *err)
{
	int more;

	check->block = malloc(READ_BLOCK);
	if (!check->block)
		return error_errno(err, "read");
	if (rewind_archive(check, err) < 0)
		return -1;
	while ((more = read_entry(check, err)) > 0)
		if (check_entry(check, err) < 0)
			return -1;
	if (more < 0 || framing_check_end(check->file, check->next, err) < 0)
		return -1;
	return check_targets(check, err);
}

int layer_check_growing(const struct growing *file,
			const struct layer_limits *limits,
			struct layer_summary *summary, struct error *err)
{
	AUTO(check) check = { .file = file };

	check.limits = (struct layer_limits){
		.entries = or_default(limits->entries, LAYER_CHECK_ENTRIES_MAX),
		.content = or_default(limits->content, LAYER_CONTENT_MAX),
		.names = or_default(limits->names, LAYER_NAMES_MAX),
		.advance = limits->advance,
		.context = limits->context,
	};
	if (check_all(&check, err) < 0)
		return error_prefix(err, "layer");
	*summary = check.summary;
	return 0;
}

int layer_check(int fd, const struct layer_limits *limits,
		struct layer_summary *summary, struct error *err)
{
	AUTO(growing) file = { 0 };

	if (growing_whole(&file, fd, err) < 0)
		return error_prefix(err, "layer");
	return layer_check_growing(&file, limits, summary, err);
}
