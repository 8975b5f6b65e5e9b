/* SPDX-License-Identifier: MIT */
/* convert.c - see convert.h */
#include "guest/agent/convert.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "guest/agent/lower.h"
#include "guest/agent/walk.h"
#include "guest/agent/xattrs.h"
#include "guest/shared/overlay_note.h"
#include "guest/shared/whiteout.h"

#define PREFIX_LENGTH (sizeof(WHITEOUT_PREFIX) - 1)

struct convert {
	struct walk walk;
	struct lower lower;
	struct xattrs xattrs;
	const struct warn *warn;
	bool changed; /* the directory that the walk is in */
};

static void convert_release(struct convert *convert)
{
	walk_release(&convert->walk);
	lower_release(&convert->lower);
	xattrs_release(&convert->xattrs);
}

DEFINE_AUTO(convert, convert_release)

/* Both: `file` is NULL for the directory itself. */
static int read_note(struct convert *convert, const char *file,
		     const char *xattr, struct overlay_notes *notes,
		     struct error *err)
{
	const char *path = walk_say(&convert->walk, file);
	char value[2];
	ssize_t size = 0;

	/* Of a longer value, ERANGE, it does not matter what it is. */
	if (strcmp(xattr, OVERLAY_NOTE_PREFIX "opaque") == 0)
		size = lgetxattr(file ? file : ".", xattr, value,
				 sizeof(value));
	if (overlay_note_read(notes, xattr, value, size > 0 ? (size_t)size : 0,
			      path, err) < 0)
		return -1;
	if (notes->escaped)
		warn_say(convert->warn,
			 "xattr %s of '%s' is left out of the "
			 "layer",
			 xattr, path);
	return 0;
}

static int take_notes(struct convert *convert, const char *file,
		      struct overlay_notes *notes, struct error *err)
{
	const char *name = file ? file : ".";

	*notes = (struct overlay_notes){ 0 };
	if (xattrs_list(&convert->xattrs, name, err) < 0)
		return error_prefix(err, "'%s'",
				    walk_say(&convert->walk, file));
	for (size_t i = 0; i < convert->xattrs.count; i++) {
		const char *xattr = convert->xattrs.list[i].name;

		if (!overlay_is_note(xattr))
			continue;
		if (read_note(convert, file, xattr, notes, err) < 0)
			return -1;
		if (lremovexattr(name, xattr) < 0)
			return error_errno(err, "remove xattr '%s' of '%s'",
					   xattr,
					   walk_say(&convert->walk, file));
	}
	return 0;
}

static int make_marker(struct convert *convert, const char *name,
		       struct error *err)
{
	static const struct timespec epoch[2] = { { 0 }, { 0 } };
	autoclose int fd = -1;

	convert->changed = true;
	fd = openat(convert->walk.fd, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	/* The umask, and a set-group-ID directory, would have their say. */
	if (fd < 0 || fchown(fd, 0, 0) < 0 || fchmod(fd, 0644) < 0 ||
	    futimens(fd, epoch) < 0)
		return error_errno(err, "create '%s'",
				   walk_say(&convert->walk, name));
	return 0;
}

static int convert_whiteout(struct convert *convert, const char *name,
			    struct error *err)
{
	const struct walk_level *level = walk_level(&convert->walk);
	char marker[PREFIX_LENGTH + NAME_MAX + 1];
	int hides = 0;

	if (!level->hidden && !level->opaque)
		hides = lower_has_name(&convert->lower, &convert->walk, name,
				       err);
	if (hides < 0)
		return -1;
	if (unlinkat(convert->walk.fd, name, 0) < 0)
		return error_errno(err, "remove '%s'",
				   walk_say(&convert->walk, name));
	convert->changed = true;
	if (!hides)
		return 0;
	if (strlen(name) > NAME_MAX - PREFIX_LENGTH)
		return error_set(err, EINVAL,
				 "the deletion of '%s' cannot be "
				 "expressed in a layer: its name is longer "
				 "than %zu bytes",
				 walk_say(&convert->walk, name),
				 NAME_MAX - PREFIX_LENGTH);
	memcpy(marker, WHITEOUT_PREFIX, PREFIX_LENGTH);
	memcpy(marker + PREFIX_LENGTH, name, strlen(name) + 1);
	return make_marker(convert, marker, err);
}

static int stat_name(struct convert *convert, const char *name, struct stat *st,
		     struct error *err)
{
	if (fstatat(convert->walk.fd, name, st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "stat '%s'",
				   walk_say(&convert->walk, name));
	return 0;
}

static int is_device_whiteout(struct convert *convert, const struct name *name,
			      struct error *err)
{
	struct stat st;

	if (name->type != DT_CHR)
		return 0;
	if (stat_name(convert, name->bytes, &st, err) < 0)
		return -1;
	return st.st_rdev == makedev(0, 0);
}

static int is_file_whiteout(struct convert *convert, const struct name *name,
			    const struct overlay_notes *notes,
			    struct error *err)
{
	struct stat st;

	if (name->type != DT_REG || !notes->whiteout)
		return 0;
	if (stat_name(convert, name->bytes, &st, err) < 0)
		return -1;
	return st.st_size == 0;
}

static int convert_name(struct convert *convert, const struct name *name,
			struct error *err)
{
	struct overlay_notes notes;
	int whiteout;

	if (strncmp(name->bytes, WHITEOUT_PREFIX, PREFIX_LENGTH) == 0)
		return error_set(err, EINVAL,
				 "'%s' cannot be expressed in a "
				 "layer: names that begin with .wh. stand for "
				 "deletions",
				 walk_say(&convert->walk, name->bytes));
	if (name->type == DT_DIR)
		return 0; /* its own turn comes when the walk is there */
	whiteout = is_device_whiteout(convert, name, err);
	if (whiteout == 0) {
		if (take_notes(convert, name->bytes, &notes, err) < 0)
			return -1;
		whiteout = is_file_whiteout(convert, name, &notes, err);
	}
	if (whiteout <= 0)
		return whiteout;
	return convert_whiteout(convert, name->bytes, err);
}

/* A directory that is opaque over nothing is one like any other. */
static int convert_opaque(struct convert *convert, struct error *err)
{
	struct walk_level *level = walk_level(&convert->walk);
	int below = 0;

	if (level->opaque && !level->hidden)
		below = lower_has_directory(&convert->lower, &convert->walk,
					    err);
	if (below <= 0)
		return below;
	return make_marker(convert, WHITEOUT_OPAQUE_NAME, err);
}

/* The directory that the walk has just entered, without those in it. */
static int convert_directory(struct convert *convert, struct error *err)
{
	struct walk_level *level = walk_level(&convert->walk);
	const struct timespec times[2] = { level->st.st_atim,
					   level->st.st_mtim };
	struct overlay_notes notes;

	convert->changed = false;
	if (take_notes(convert, NULL, &notes, err) < 0)
		return -1;
	level->opaque = notes.opaque;
	for (size_t i = 0; i < level->names.count; i++)
		if (convert_name(convert, &level->names.list[i], err) < 0)
			return -1;
	if (convert_opaque(convert, err) < 0)
		return -1;
	if (convert->changed && futimens(convert->walk.fd, times) < 0)
		return error_errno(err, "restore the times of '%s'",
				   walk_say(&convert->walk, NULL));
	return 0;
}

static int enter(struct convert *convert, const char *name, struct error *err)
{
	const struct walk_level *above = walk_level(&convert->walk);
	bool hidden = above->hidden || above->opaque;

	if (walk_enter(&convert->walk, name, err) < 0)
		return -1;
	walk_level(&convert->walk)->hidden = hidden;
	return convert_directory(convert, err);
}

int upper_convert(int upper, int lower, const struct warn *warn,
		  struct error *err)
{
	AUTO(convert) convert = { .warn = warn };
	const struct name *name;

	lower_start(&convert.lower, lower);
	if (walk_start(&convert.walk, upper, err) < 0)
		return -1;
	walk_level(&convert.walk)->hidden = lower < 0;
	if (convert_directory(&convert, err) < 0)
		return -1;
	for (;;) {
		name = walk_next(&convert.walk);
		if (name && name->type != DT_DIR)
			continue;
		if (name) {
			if (enter(&convert, name->bytes, err) < 0)
				return -1;
			continue;
		}
		if (convert.walk.depth == 1)
			return 0;
		if (walk_leave(&convert.walk, err) < 0 ||
		    lower_leave(&convert.lower, &convert.walk, err) < 0)
			return -1;
	}
}
