/* SPDX-License-Identifier: MIT */
/* guest_cache.c - see guest_cache.h */
#include "images/guest_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "images/guest_image.h"
#include "images/place.h"
#include "images/tempdir.h"
#include "images/text.h"

#define KEY_MIN 4 /* digits that a user must give */

static const char hex[] = "0123456789abcdef";

static int by_name(const void *a, const void *b)
{
	char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static int read_keys(struct name_list *keys, DIR *dir, struct error *err)
{
	struct dirent *d;

	while ((d = readdir(dir)))
		if (strlen(d->d_name) == GUEST_IMAGE_SHORT_KEY &&
		    strspn(d->d_name, hex) == GUEST_IMAGE_SHORT_KEY &&
		    name_list_add(keys, d->d_name, err) < 0)
			return -1;
	if (keys->count > 0)
		qsort(keys->name, keys->count, sizeof(*keys->name), by_name);
	return 0;
}

int guest_cache_list(char **cache, struct name_list *keys, struct error *err)
{
	autofree char *path = NULL;
	struct error none = { 0 };
	DIR *dir;
	int result;

	if (place_cache(&path, &none) < 0)
		return none.code == ENOENT ? 0 : (*err = none, -1);

	dir = opendir(path);
	if (!dir && errno != ENOENT)
		return error_errno(err, "open '%s'", path);
	if (!dir)
		return 0;
	result = read_keys(keys, dir, err);
	closedir(dir);
	*cache = take_pointer(&path);
	return result;
}

/* For file systems that cannot exchange two names: a moment without any. */
static int replace(const char *made, const char *place, struct error *err)
{
	autofree char *old = text_format("%s.old", made);
	struct error ignored = { 0 };

	if (!old)
		return error_errno(err, "replace '%s'", place);
	if (rename(place, old) < 0)
		return error_errno(err, "replace '%s'", place);
	if (rename(made, place) < 0) {
		error_errno(err, "replace '%s'", place);
		(void)rename(old, place);
		return -1;
	}
	(void)tempdir_remove_tree(old, &ignored);
	return 0;
}

int guest_cache_put(const char *made, const char *place, bool *swapped,
		    struct error *err)
{
	*swapped = false;
	if (rename(made, place) == 0)
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return error_errno(err, "create '%s'", place);

	*swapped = renameat2(AT_FDCWD, made, AT_FDCWD, place,
			     RENAME_EXCHANGE) == 0;
	return *swapped ? 0 : replace(made, place, err);
}

int guest_cache_remove(const char *key, struct error *err)
{
	AUTO(name_list) keys = { 0 };
	autofree char *cache = NULL;
	autofree char *path = NULL;
	const char *found = NULL;
	size_t length = strlen(key);

	if (length < KEY_MIN || strspn(key, hex) != length)
		return error_set(err, EINVAL,
				 "'%s' is not a key of a guest "
				 "image: at least %d digits, as 'overlayvm "
				 "guest list' prints them",
				 key, KEY_MIN);
	if (guest_cache_list(&cache, &keys, err) < 0)
		return -1;
	if (length > GUEST_IMAGE_SHORT_KEY)
		length = GUEST_IMAGE_SHORT_KEY;

	for (size_t i = 0; i < keys.count; i++) {
		if (strncmp(keys.name[i], key, length) != 0)
			continue;
		if (found)
			return error_set(err, EEXIST,
					 "several guest images "
					 "have a key that begins with '%s'",
					 key);
		found = keys.name[i];
	}
	if (!found)
		return error_set(err, ENOENT,
				 "no guest image '%s' in the "
				 "cache",
				 key);
	path = text_format("%s/%s", cache, found);
	if (!path)
		return error_errno(err, "remove '%s'", found);
	return tempdir_remove_tree(path, err);
}
