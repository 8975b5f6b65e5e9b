/* SPDX-License-Identifier: MIT */
/* revert.c - see revert.h */
#include "guest/agent/revert.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "guest/agent/walk.h"
#include "guest/shared/overlay_note.h"
#include "guest/shared/whiteout.h"

#define PREFIX_LENGTH (sizeof(WHITEOUT_PREFIX) - 1)

static int revert_marker(struct walk *walk, const char *marker,
			 struct error *err)
{
	const char *name = marker + PREFIX_LENGTH;

	if (!*name)
		return error_set(err, EINVAL, "'%s' stands for no name",
				 walk_say(walk, marker));
	if (unlinkat(walk->fd, marker, 0) < 0)
		return error_errno(err, "remove '%s'", walk_say(walk, marker));
	if (strcmp(marker, WHITEOUT_OPAQUE_NAME) == 0) {
		/* The walk's directory is the working directory. */
		if (lsetxattr(".", OVERLAY_NOTE_PREFIX "opaque", "y", 1, 0) < 0)
			return error_errno(err, "make '%s' opaque",
					   walk_say(walk, NULL));
		return 0;
	}
	if (mknodat(walk->fd, name, S_IFCHR, makedev(0, 0)) < 0)
		return error_errno(err, "white out '%s'", walk_say(walk, name));
	return 0;
}

/* The directory that the walk has just entered, without those in it. */
static int revert_directory(struct walk *walk, struct error *err)
{
	const struct walk_level *level = walk_level(walk);
	const struct timespec times[2] = { level->st.st_atim,
					   level->st.st_mtim };
	bool changed = false;

	for (size_t i = 0; i < level->names.count; i++) {
		const char *name = level->names.list[i].bytes;

		if (strncmp(name, WHITEOUT_PREFIX, PREFIX_LENGTH) != 0)
			continue;
		if (revert_marker(walk, name, err) < 0)
			return -1;
		changed = true;
	}
	if (changed && futimens(walk->fd, times) < 0)
		return error_errno(err, "restore the times of '%s'",
				   walk_say(walk, NULL));
	return 0;
}

int upper_revert(int upper, struct error *err)
{
	AUTO(walk) walk = { 0 };
	const struct name *name;

	if (walk_start(&walk, upper, err) < 0 ||
	    revert_directory(&walk, err) < 0)
		return -1;
	for (;;) {
		name = walk_next(&walk);
		if (name && name->type != DT_DIR)
			continue;
		if (name) {
			if (walk_enter(&walk, name->bytes, err) < 0 ||
			    revert_directory(&walk, err) < 0)
				return -1;
			continue;
		}
		if (walk.depth == 1)
			return 0;
		if (walk_leave(&walk, err) < 0)
			return -1;
	}
}
