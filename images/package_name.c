/* SPDX-License-Identifier: MIT */
/* package_name.c - names inside a kernel package, see package.h */
#include "images/package.h"

#include <string.h>

#include "guest/shared/cleanup.h"

static bool has_kernel_suffix(const char *base)
{
	static const char *const suffix[] = { ".ko", ".ko.xz", ".ko.zst",
					      ".ko.gz" };
	size_t length = strlen(base);

	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		size_t n = strlen(suffix[i]);

		if (length > n && strcmp(base + length - n, suffix[i]) == 0)
			return true;
	}
	return false;
}

static const char *skip(const char *name, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(name, prefix, length) == 0 ? name + length : name;
}

const char *package_wants(const char *name)
{
	static const char modules[] = "lib/modules/";
	const char *version, *below, *base;

	name = skip(name, "./");
	if (strncmp(name, "boot/vmlinuz-", 13) == 0 && !strchr(name + 5, '/'))
		return "vmlinuz";

	name = skip(name, "usr/");
	version = skip(name, modules);
	below = strchr(version, '/');
	if (version == name || !below)
		return NULL;
	if (strcmp(++below, "vmlinuz") == 0)
		return "vmlinuz";

	base = strrchr(below, '/');
	if (has_kernel_suffix(base ? base + 1 : below) ||
	    (!base && strncmp(below, "modules.", 8) == 0))
		return name;
	return NULL;
}

bool package_name_is_safe(const char *name)
{
	int depth = 0;

	if (*name == '/' || *name == '\0')
		return false;
	while (*name) {
		size_t length = strcspn(name, "/");

		if (length == 2 && strncmp(name, "..", 2) == 0)
			return false;
		if (++depth > PACKAGE_DEPTH_MAX)
			return false;
		name += length + (name[length] == '/');
	}
	return true;
}
