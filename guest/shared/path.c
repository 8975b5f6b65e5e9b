/* SPDX-License-Identifier: MIT */
/* path.c - see path.h */
#include "guest/shared/path.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "guest/shared/whiteout.h"

static bool is_word(const char *component, size_t size, const char *word)
{
	return size == strlen(word) && memcmp(component, word, size) == 0;
}

static size_t component_max(const char *component)
{
	size_t prefix = strlen(WHITEOUT_PREFIX);

	if (strncmp(component, WHITEOUT_PREFIX, prefix) == 0)
		return PATH_COMPONENT_MAX + prefix;
	return PATH_COMPONENT_MAX;
}

static int append(char path[PATH_SIZE], size_t *used, const char *component,
		  size_t size, struct error *err)
{
	if (is_word(component, size, ".."))
		return error_set(err, EINVAL, "'..' in the name");
	if (size > component_max(component))
		return error_set(err, ENAMETOOLONG,
				 "component of %zu bytes, more than %zu", size,
				 component_max(component));
	if (*used + 1 + size >= PATH_SIZE)
		return error_set(err, ENAMETOOLONG,
				 "name of more than %d bytes", PATH_SIZE - 1);
	if (*used > 0)
		path[(*used)++] = '/';
	memcpy(path + *used, component, size);
	*used += size;
	return 0;
}

int path_normalize(char path[PATH_SIZE], const char *name, struct error *err)
{
	size_t used = 0;

	if (*name == '\0')
		return error_set(err, EINVAL, "empty name");
	if (*name == '/' && name[1] != '\0')
		return error_set(err, EINVAL, "absolute name");

	while (*name) {
		size_t size = strcspn(name, "/");

		if (size > 0 && !is_word(name, size, ".") &&
		    append(path, &used, name, size, err) < 0)
			return -1;
		name += size;
		name += strspn(name, "/");
	}
	path[used] = '\0';
	return 0;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
