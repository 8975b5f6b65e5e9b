/* SPDX-License-Identifier: MIT */
/* unpack.c - see unpack.h */
#include "tests/unit/unit.h"

#include "tests/unit/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

static void keep_warning(void *context, const char *message)
{
	struct unpacking *run = context;

	if (run->warnings[0])
		strcat(run->warnings, "; ");
	strncat(run->warnings, message,
		sizeof(run->warnings) - strlen(run->warnings) - 3);
}

int unpack_tarball(struct unpacking *run, const struct tarball *t)
{
	struct layer_source source = { 0 };
	autoclose int fd = tarball_open(t);
	autoclose int root = -1;

	if (mkdir("root", 0755) < 0)
		assert_int_equal(errno, EEXIST);
	root = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	source.fd = fd;
	source.size = t->size;
	run->options.read.warn = keep_warning;
	run->options.read.warn_context = run;
	run->options.lower_context = run;
	return layer_unpack(&source, root, &run->options, &run->stats,
			    &run->err);
}

void unpack_well(const struct tarball *t)
{
	struct unpacking run = { 0 };

	if (unpack_tarball(&run, t) < 0)
		fail_msg("%s", run.err.msg);
	assert_string_equal(run.warnings, "");
}

void unpack_add(struct tarball *t, const char *name, char type,
		unsigned int mode, int64_t mtime, const char *text)
{
	bool is_link = type == '1' || type == '2';

	tarball_add(t, &(struct tarball_entry){
			       .name = name,
			       .type = type,
			       .mode = mode,
			       .uid = geteuid(),
			       .gid = getegid(),
			       .mtime = mtime,
			       .link = is_link ? text : NULL,
			       .data = is_link ? NULL : text,
		       });
}

struct stat unpacked_stat(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return st;
}

void unpacked_content(const char *path, const char *want)
{
	char got[256] = "";
	FILE *f = fopen(path, "re");

	assert_non_null(f);
	(void)fread(got, 1, sizeof(got) - 1, f);
	(void)fclose(f);
	assert_string_equal(got, want);
}

void unpacked_xattr(const char *path, const char *name, const void *want,
		    size_t size)
{
	static char got[65537];
	ssize_t n = lgetxattr(path, name, got, sizeof(got));

	if (n < 0)
		fail_msg("%s of %s: %s", name, path, strerror(errno));
	assert_int_equal(n, size);
	assert_memory_equal(got, want, size);
}
