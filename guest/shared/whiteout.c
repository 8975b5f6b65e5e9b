/* SPDX-License-Identifier: MIT */
/* whiteout.c - see whiteout.h */
#include "guest/shared/whiteout.h"

#include <stdbool.h>
#include <string.h>

static bool starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

enum whiteout whiteout_classify(const char *base, const char **hidden)
{
	const char *name;

	if (!starts_with(base, WHITEOUT_PREFIX))
		return WHITEOUT_NONE;
	if (strcmp(base, WHITEOUT_OPAQUE_NAME) == 0)
		return WHITEOUT_OPAQUE;
	if (starts_with(base, WHITEOUT_META_PREFIX))
		return WHITEOUT_METADATA;

	name = base + strlen(WHITEOUT_PREFIX);
	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return WHITEOUT_INVALID;
	*hidden = name;
	return WHITEOUT_NAME;
}
