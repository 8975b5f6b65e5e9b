/* SPDX-License-Identifier: MIT */
/* points.c - see points.h */
#include "guest/agent/points.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"

const char *const points_names[POINTS_COUNT] = { "proc", "sys", "dev", "tmp" };

static int get_times(int root, struct timespec times[2], struct error *err)
{
	struct stat st;

	if (fstat(root, &st) < 0)
		return error_errno(err, "look at the root");
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	return 0;
}

static int set_times(int root, const struct timespec times[2],
		     struct error *err)
{
	if (futimens(root, times) < 0)
		return error_errno(err, "set the times of the root");
	return 0;
}

static int make_point(int root, const char *name, bool *made, struct error *err)
{
	struct stat st;

	if (fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return S_ISDIR(st.st_mode)
			       ? 0
			       : error_set(err, ENOTDIR,
					   "'/%s' of the image is no directory",
					   name);
	if (mkdirat(root, name, 0755) < 0)
		return error_errno(err, "make directory '/%s'", name);
	*made = true;
	return 0;
}

int points_make(struct points *points, int root, struct error *err)
{
	struct timespec times[2];
	struct error ignored;

	*points = (struct points){ { false } };
	if (get_times(root, times, err) < 0)
		return -1;
	for (size_t i = 0; i < POINTS_COUNT; i++)
		if (make_point(root, points_names[i], &points->made[i], err) <
		    0) {
			(void)points_remove(points, root, &ignored);
			(void)set_times(root, times, &ignored);
			return -1;
		}
	return set_times(root, times, err);
}

int points_remove(const struct points *points, int root, struct error *err)
{
	struct timespec times[2];

	if (get_times(root, times, err) < 0)
		return -1;
	for (size_t i = 0; i < POINTS_COUNT; i++)
		if (points->made[i] &&
		    unlinkat(root, points_names[i], AT_REMOVEDIR) < 0 &&
		    errno != ENOTEMPTY && errno != ENOENT)
			return error_errno(err, "remove directory '/%s'",
					   points_names[i]);
	return set_times(root, times, err);
}
