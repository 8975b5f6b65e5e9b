/* SPDX-License-Identifier: MIT */
/* points.c - see points.h */
#include "guest/agent/points.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/given.h"
#include "guest/shared/cleanup.h"

/* A directory comes before those in it. */
static const struct {
	const char *name;
	const char *shown; /* wanted if the guest has this; NULL: always */
	const char *in;	   /* the directory that it is made in */
} points_table[POINTS_COUNT] = {
	{ "proc", NULL, "." },
	{ "sys", NULL, "." },
	{ "dev", NULL, "." },
	{ "tmp", NULL, "." },
	{ "in", GIVEN_INPUTS, "." },
	{ "run", GIVEN_SECRETS, "." },
	{ "run/secrets", GIVEN_SECRETS, "run" },
};

#define RUN	  "run"
#define UPPER_RUN AGENT_DISK "/" AGENT_UPPER "/" RUN

/* What the image's "run" was like before it was copied up for a point. */
static struct stat copied;
static bool has_copied;

const char *points_name(unsigned i)
{
	const char *shown = points_table[i].shown;

	return !shown || access(shown, F_OK) == 0 ? points_table[i].name : NULL;
}

static int get_times(int root, const char *dir, struct timespec times[2],
		     struct error *err)
{
	struct stat st;

	if (fstatat(root, dir, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "look at '/%s'", dir);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	return 0;
}

static int set_times(int root, const char *dir, const struct timespec times[2],
		     struct error *err)
{
	if (utimensat(root, dir, times, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "set the times of '/%s'", dir);
	return 0;
}

/* The upper directory gets the image's "run" when something is made in it. */
static void note_copy(int root, const char *dir)
{
	struct stat st;

	if (dir[0] == '.' || lstat(UPPER_RUN, &st) == 0)
		return;
	has_copied = fstatat(root, dir, &copied, AT_SYMLINK_NOFOLLOW) == 0;
}

static int make_point(int root, unsigned i, bool *made, struct error *err)
{
	const char *name = points_table[i].name;
	const char *in = points_table[i].in;
	struct timespec times[2];
	struct stat st;

	if (fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return S_ISDIR(st.st_mode)
			       ? 0
			       : error_set(err, ENOTDIR,
					   "'/%s' of the image is no directory",
					   name);
	if (get_times(root, in, times, err) < 0)
		return -1;
	note_copy(root, in);
	if (mkdirat(root, name, 0755) < 0)
		return error_errno(err, "make directory '/%s'", name);
	*made = true;
	return set_times(root, in, times, err);
}

int points_make(struct points *points, int root, struct error *err)
{
	struct error ignored;

	*points = (struct points){ { false } };
	for (unsigned i = 0; i < POINTS_COUNT; i++)
		if (points_name(i) &&
		    make_point(root, i, &points->made[i], err) < 0) {
			(void)points_remove(points, root, &ignored);
			return -1;
		}
	return 0;
}

static int remove_point(int root, unsigned i, struct error *err)
{
	const char *in = points_table[i].in;
	struct timespec times[2];

	/* A command may have removed the directory that it is in. */
	if (get_times(root, in, times, err) < 0)
		return err->code == ENOENT ? 0 : -1;
	if (unlinkat(root, points_table[i].name, AT_REMOVEDIR) < 0)
		return errno == ENOTEMPTY || errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : error_errno(err, "remove directory '/%s'",
					     points_table[i].name);
	return set_times(root, in, times, err);
}

int points_remove(const struct points *points, int root, struct error *err)
{
	for (unsigned i = POINTS_COUNT; i-- > 0;)
		if (points->made[i] && remove_point(root, i, err) < 0)
			return -1;
	return 0;
}

static bool is_as_copied(const struct stat *st)
{
	return st->st_mode == copied.st_mode && st->st_uid == copied.st_uid &&
	       st->st_gid == copied.st_gid &&
	       st->st_mtim.tv_sec == copied.st_mtim.tv_sec &&
	       st->st_mtim.tv_nsec == copied.st_mtim.tv_nsec;
}

int points_forget(int upper, struct error *err)
{
	struct timespec times[2];
	struct stat st;

	if (!has_copied)
		return 0;
	has_copied = false;
	if (fstatat(upper, RUN, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !is_as_copied(&st))
		return 0;
	if (get_times(upper, ".", times, err) < 0)
		return -1;
	/* What a command has put there makes it stay. */
	if (unlinkat(upper, RUN, AT_REMOVEDIR) < 0)
		return errno == ENOTEMPTY
			       ? 0
			       : error_errno(err, "remove the copy of '/run'");
	return set_times(upper, ".", times, err);
}
