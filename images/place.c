/* SPDX-License-Identifier: MIT */
/* place.c - see place.h */
#include "images/place.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "images/text.h"

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static const char *absolute_variable(const char *name)
{
	const char *value = variable(name);

	return value && *value == '/' ? value : NULL;
}

/* QEMU is given names of the cache, and works in a directory of its own. */
static char *absolute(const char *base, const char *below, const char *kind)
{
	autofree char *here = NULL;

	if (*base == '/')
		return text_format("%s%s/%s", base, below, kind);
	here = get_current_dir_name();
	return here ? text_format("%s/%s%s/%s", here, base, below, kind) : NULL;
}

int place_cached(const char *kind, char **dir, struct error *err)
{
	const char *base, *below;

	if ((base = variable("OVERLAYVM_CACHE")))
		below = "";
	else if ((base = absolute_variable("XDG_CACHE_HOME")))
		below = "/overlayvm";
	else if ((base = absolute_variable("HOME")))
		below = "/.cache/overlayvm";
	else
		return error_set(err, ENOENT,
				 "no directory for the cache "
				 "(set OVERLAYVM_CACHE)");

	*dir = absolute(base, below, kind);
	return *dir ? 0 : error_errno(err, "name the cache");
}

int place_cache(char **dir, struct error *err)
{
	return place_cached("guest", dir, err);
}

int place_program(char **dir, struct error *err)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length < 0)
		return error_errno(err, "read '/proc/self/exe'");
	path[length] = '\0';
	*strrchr(path, '/') = '\0';

	*dir = strdup(path);
	return *dir ? 0 : error_errno(err, "name the program");
}

int place_library(char **dir, struct error *err)
{
	static const char name[] = "liboverlayvm.so";
	autofree char *path = NULL;
	char *slash;
	Dl_info info;

	*dir = NULL;
	if (!dladdr(name, &info) || !info.dli_fname)
		return 0;
	slash = strrchr(info.dli_fname, '/');
	if (!slash || strncmp(slash + 1, name, strlen(name)) != 0)
		return 0;
	path = realpath(info.dli_fname, NULL);
	if (!path)
		return error_errno(err, "look at '%s'", info.dli_fname);
	*strrchr(path, '/') = '\0';
	*dir = take_pointer(&path);
	return 0;
}

const char *place_temporary(void)
{
	const char *dir = variable("OVERLAYVM_TMPDIR");

	if (!dir)
		dir = variable("TMPDIR");
	return dir ? dir : "/var/tmp";
}

int place_make(const char *dir, struct error *err)
{
	autofree char *path = strdup(dir);

	if (!path)
		return error_errno(err, "create '%s'", dir);

	for (char *slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			return error_errno(err, "create '%s'", path);
		*slash = '/';
	}
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return error_errno(err, "create '%s'", path);
	return 0;
}
