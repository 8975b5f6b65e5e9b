/* SPDX-License-Identifier: MIT */
/* kernel_find.c - kernels that this machine has installed, see kernel.h */
#include "images/kernel.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/kernel_cure.h"
#include "images/text.h"

/* Where distributions keep kernels; the star is the version. */
static const char *const places[] = {
	"/lib/modules/*/vmlinuz",
	"/boot/vmlinuz-*",
};

/* The better one of two: "6.10" is newer than "6.9". */
static const char *newer(const char *a, const char *b)
{
	return !a || strverscmp(b, a) > 0 ? b : a;
}

/* Newest readable, and newest not readable, of what a pattern finds. */
static int look(char **readable, char **other, const char *root,
		const char *pattern, struct error *err)
{
	const char *best = NULL, *locked = NULL;
	autofree char *full = text_format("%s%s", root, pattern);
	glob_t found;
	int code;

	if (!full)
		return error_errno(err, "look for a kernel");
	code = glob(full, 0, NULL, &found);
	if (code == GLOB_NOSPACE)
		return error_set(err, ENOMEM,
				 "look for a kernel: out of "
				 "memory");
	if (code != 0)
		return 0;

	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];

		/* /lib/modules and /boot hold dangling links now and then. */
		if (access(path, F_OK) < 0)
			continue;
		if (access(path, R_OK) == 0)
			best = newer(best, path);
		else
			locked = newer(locked, path);
	}
	if (best && !*readable)
		*readable = strdup(best);
	if (locked && !*other)
		*other = strdup(locked);
	globfree(&found);
	return 0;
}

static int look_everywhere(char **readable, char **locked, const char *root,
			   struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(places) && !*readable; i++)
		if (look(readable, locked, root, places[i], err) < 0)
			return -1;
	return 0;
}

/* As in a container. */
static int none_at_all(const char *root, struct error *err)
{
	const struct kernel none = { .root = root };
	char cure[DISTRIBUTION_CURE];

	kernel_cure(cure, NEED_KERNEL, &none);
	return error_set(err, ENOENT,
			 "no kernel in /lib/modules and /boot (get one: %s)",
			 cure);
}

int kernel_find(char **path, const char *root, struct error *err)
{
	autofree char *readable = NULL, *locked = NULL;

	if (look_everywhere(&readable, &locked, root, err) < 0)
		return -1;
	if (!readable)
		return locked ? kernel_locked(locked, root, err)
			      : none_at_all(root, err);
	*path = take_pointer(&readable);
	return 0;
}

void kernel_find_cure(char cure[DISTRIBUTION_CURE], const char *root)
{
	const struct kernel none = { .root = root };
	autofree char *readable = NULL, *locked = NULL;
	const char *named = getenv("OVERLAYVM_KERNEL");
	struct error ignored;

	(void)look_everywhere(&readable, &locked, root, &ignored);
	if (readable || (named && *named))
		(void)snprintf(cure, DISTRIBUTION_CURE, "%s",
			       "overlayvm guest build");
	else if (locked)
		kernel_cure_of_path(cure, locked, root);
	else
		kernel_cure(cure, NEED_KERNEL, &none);
}
