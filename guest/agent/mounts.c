/* SPDX-License-Identifier: MIT */
/* mounts.c - see mounts.h */
#include "guest/agent/mounts.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Space, tab, newline and backslash stand as \ooo (fs/proc_namespace.c). */
static void unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in; out++) {
		unsigned byte;

		if (in[0] == '\\' && sscanf(in + 1, "%3o", &byte) == 1) {
			*out = (char)byte;
			in += 4;
		} else {
			*out = *in++;
		}
	}
	*out = '\0';
}

/* The fifth of the fields that spaces part: where it is mounted. */
static char *mount_point(char *line)
{
	char *rest = line;
	char *field = NULL;

	for (int i = 0; i < 5; i++)
		field = strsep(&rest, " ");
	if (field && rest)
		unescape(field);
	return rest ? field : NULL;
}

static bool is_below(const char *path, const char *top)
{
	size_t length = strlen(top);

	return strncmp(path, top, length) == 0 &&
	       (path[length] == '\0' || path[length] == '/');
}

static int add(struct mounts *mounts, const char *path)
{
	char **paths =
		reallocarray(mounts->paths, mounts->count + 1, sizeof(*paths));

	if (!paths)
		return -1;
	mounts->paths = paths;
	paths[mounts->count] = strdup(path);
	if (!paths[mounts->count])
		return -1;
	mounts->count++;
	return 0;
}

int mounts_read(struct mounts *mounts, const char *file, const char *path,
		struct error *err)
{
	AUTO(mounts) found = { 0 };
	autofclose FILE *in = fopen(file, "re");
	autofree char *line = NULL;
	size_t size = 0;

	if (!in)
		return error_errno(err, "open '%s'", file);
	while (getline(&line, &size, in) > 0) {
		const char *where = mount_point(line);

		if (where && is_below(where, path) && add(&found, where) < 0)
			return error_set(err, ENOMEM,
					 "list mounts: out of memory");
	}
	*mounts = found;
	found = (struct mounts){ 0 };
	return 0;
}

int mounts_below(struct mounts *mounts, const char *path, struct error *err)
{
	return mounts_read(mounts, "/proc/self/mountinfo", path, err);
}

void mounts_release(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++)
		free(mounts->paths[i]);
	free(mounts->paths);
	*mounts = (struct mounts){ 0 };
}
