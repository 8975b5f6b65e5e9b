/* SPDX-License-Identifier: MIT */
/* kernel_cure.c - see kernel_cure.h */
#include "images/kernel_cure.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "images/text.h"

#define APT_LISTS "/var/lib/apt/lists"

static bool matches(const char *root, const char *pattern)
{
	autofree char *full = text_format("%s%s", root, pattern);
	glob_t found;
	bool any;

	if (!full || glob(full, 0, NULL, &found) != 0)
		return false;
	any = found.gl_pathc > 0;
	globfree(&found);
	return any;
}

/* Images of containers have apt, and have thrown its lists away. */
static bool apt_is_blind(const char *root)
{
	return matches(root, APT_LISTS) &&
	       !matches(root, APT_LISTS "/*_Packages*");
}

static void choose(char cure[DISTRIBUTION_CURE], enum need need,
		   const char *version, const char *root)
{
	const char *maker = distribution_of_kernel(version);
	char here[DISTRIBUTION_TEXT];

	if (need == NEED_MODULES || (need == NEED_THIS_KERNEL && *maker)) {
		distribution_cure_of(cure, maker, need, version);
		return;
	}
	distribution_read(here, root);
	distribution_cure_of(cure, distribution_is_known(here) ? here : maker,
			     NEED_KERNEL, version);
}

void kernel_cure(char cure[DISTRIBUTION_CURE], enum need need,
		 const struct kernel *kernel)
{
	static const char apt[] = "apt-get download ";
	static const char update[] = "apt-get update && ";
	const char *root = kernel->root ? kernel->root : "";
	size_t length;

	choose(cure, need, kernel->version ? kernel->version : "", root);
	length = strlen(cure);
	if (strncmp(cure, apt, sizeof(apt) - 1) == 0 && apt_is_blind(root) &&
	    length + sizeof(update) <= DISTRIBUTION_CURE) {
		memmove(cure + sizeof(update) - 1, cure, length + 1);
		memcpy(cure, update, sizeof(update) - 1);
	}
}

/* "vmlinuz-6.8.0-41-generic" and ".../6.8.0-41-generic/vmlinuz"; else "". */
static void version_in_path(char *version, size_t size, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const char *start = slash;

	*version = '\0';
	if (strncmp(base, "vmlinuz-", 8) == 0) {
		(void)snprintf(version, size, "%s", base + 8);
	} else if (slash && strcmp(base, "vmlinuz") == 0) {
		while (start > path && start[-1] != '/')
			start--;
		(void)snprintf(version, size, "%.*s", (int)(slash - start),
			       start);
	}
}

void kernel_cure_of_path(char cure[DISTRIBUTION_CURE], const char *path,
			 const char *root)
{
	char version[KERNEL_VERSION_MAX + 1], target[PATH_MAX];
	const struct kernel kernel = { .version = version, .root = root };

	/* /boot/vmlinuz leads to the one that has a version. */
	version_in_path(version, sizeof(version),
			realpath(path, target) ? target : path);
	kernel_cure(cure, NEED_THIS_KERNEL, &kernel);
}

int kernel_locked(const char *path, const char *root, struct error *err)
{
	char cure[DISTRIBUTION_CURE];

	kernel_cure_of_path(cure, path, root);
	return error_set(err, EACCES,
			 "open '%s': %s (take it from its package: %s)", path,
			 strerror(EACCES), cure);
}
