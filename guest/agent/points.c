/* SPDX-License-Identifier: MIT */
/* points.c - see points.h */
#include "guest/agent/points.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/given.h"
#include "guest/agent/network.h"
#include "guest/shared/cleanup.h"

/* A directory comes before those in it. */
static const struct {
	const char *name;
	const char *shown; /* wanted if the guest has this; NULL: always */
	const char *in;	   /* the directory that it is made in */
	bool file;
} points_table[POINTS_COUNT] = {
	{ "proc", NULL, "." },
	{ "sys", NULL, "." },
	{ "dev", NULL, "." },
	{ "tmp", NULL, "." },
	{ "in", GIVEN_INPUTS, "." },
	{ "run", GIVEN_SECRETS, "." },
	{ "run/secrets", GIVEN_SECRETS, "run" },
	{ "etc/resolv.conf", NETWORK_RESOLVER, "etc", .file = true },
};

/* What directories of the image were like before they were copied up for a
 * point; mode 0: they were not. */
static struct {
	const char *name;
	struct stat st;
} copies[] = { { .name = "run" }, { .name = "etc" } };

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

/* The upper directory gets the image's when something is made in it. */
static void note_copy(int root, const char *dir)
{
	char upper[64];
	struct stat st;

	(void)snprintf(upper, sizeof(upper), AGENT_DISK "/" AGENT_UPPER "/%s",
		       dir);
	for (size_t i = 0; i < COUNT_OF(copies); i++)
		if (strcmp(copies[i].name, dir) == 0 && lstat(upper, &st) < 0)
			(void)fstatat(root, dir, &copies[i].st,
				      AT_SYMLINK_NOFOLLOW);
}

static int make_it(int root, const char *name, bool file)
{
	autoclose int fd = -1;

	if (!file)
		return mkdirat(root, name, 0755);
	fd = openat(root, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	return fd < 0 ? -1 : 0;
}

static bool is_directory(int root, const char *name)
{
	struct stat st;

	return fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

static int make_point(int root, unsigned i, bool *made, struct error *err)
{
	const char *name = points_table[i].name;
	const char *in = points_table[i].in;
	bool file = points_table[i].file;
	struct timespec times[2];
	struct stat st;

	if (file && !is_directory(root, in))
		return 0;
	if (fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return file || S_ISDIR(st.st_mode)
			       ? 0
			       : error_set(err, ENOTDIR,
					   "'/%s' of the image is no directory",
					   name);
	if (get_times(root, in, times, err) < 0)
		return -1;
	note_copy(root, in);
	if (make_it(root, name, file) < 0)
		return error_errno(err, "make '/%s'", name);
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
	if (unlinkat(root, points_table[i].name,
		     points_table[i].file ? 0 : AT_REMOVEDIR) < 0)
		return errno == ENOTEMPTY || errno == ENOENT ||
				       errno == ENOTDIR || errno == EISDIR
			       ? 0
			       : error_errno(err, "remove '/%s'",
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

static bool is_as(const struct stat *a, const struct stat *b)
{
	return a->st_mode == b->st_mode && a->st_uid == b->st_uid &&
	       a->st_gid == b->st_gid &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* What a command has put there makes it stay. */
static int forget(int upper, const char *name, const struct stat *was,
		  struct error *err)
{
	struct timespec times[2];
	struct stat st;

	if (fstatat(upper, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !is_as(&st, was))
		return 0;
	if (get_times(upper, ".", times, err) < 0)
		return -1;
	if (unlinkat(upper, name, AT_REMOVEDIR) < 0)
		return errno == ENOTEMPTY
			       ? 0
			       : error_errno(err, "remove the copy of '/%s'",
					     name);
	return set_times(upper, ".", times, err);
}

int points_forget(int upper, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(copies); i++) {
		struct stat was = copies[i].st;

		copies[i].st = (struct stat){ 0 };
		if (was.st_mode != 0 &&
		    forget(upper, copies[i].name, &was, err) < 0)
			return -1;
	}
	return 0;
}
