/* SPDX-License-Identifier: MIT */
/* kernel_find.c - kernels that this machine has installed, see kernel.h */
#include "images/kernel.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "images/distribution.h"
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

/* "vmlinuz-6.8.0-41-generic" and ".../6.8.0-41-generic/vmlinuz" */
static void version_in_path(char *version, size_t size, const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	int length = (int)strlen(base);

	if (strncmp(base, "vmlinuz-", 8) == 0) {
		base += 8;
		length -= 8;
	} else {
		const char *end = base - 1;

		for (base = end; base > path && base[-1] != '/';)
			base--;
		length = (int)(end - base);
	}
	snprintf(version, size, "%.*s", length, base);
}

/* A container has no kernel, and Ubuntu's are root's to read. */
static int nothing_found(const char *locked, const char *root,
			 struct error *err)
{
	char os_release[DISTRIBUTION_TEXT], cure[DISTRIBUTION_CURE];
	char version[KERNEL_VERSION_MAX + 1];

	distribution_read(os_release, root);
	if (!locked)
		return error_set(err, ENOENT,
				 "no kernel in /lib/modules and /boot (make "
				 "one of a package, which needs no root: %s)",
				 distribution_cure(os_release, NEED_KERNEL));
	version_in_path(version, sizeof(version), locked);
	distribution_cure_of(cure, os_release, NEED_THIS_KERNEL, version);
	return error_set(err, EACCES,
			 "open '%s': %s (its package needs no root: %s)",
			 locked, strerror(EACCES), cure);
}

int kernel_find(char **path, const char *root, struct error *err)
{
	autofree char *readable = NULL, *locked = NULL;

	for (size_t i = 0; i < COUNT_OF(places) && !readable; i++)
		if (look(&readable, &locked, root, places[i], err) < 0)
			return -1;

	if (!readable)
		return nothing_found(locked, root, err);
	*path = take_pointer(&readable);
	return 0;
}
