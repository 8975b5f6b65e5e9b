/* SPDX-License-Identifier: MIT */
/* guest_cache.h - guest images by their key, in the cache directory */
#ifndef IMAGES_GUEST_CACHE_H
#define IMAGES_GUEST_CACHE_H

#include <stdbool.h>

#include "guest/shared/error.h"
#include "images/name_list.h"

/*
 * The directories of the cache that are named as images are, sorted. *cache is
 * the caller's to free. No cache, or one that nobody has made yet, is an empty
 * one.
 */
int guest_cache_list(char **cache, struct name_list *keys, struct error *err);

/*
 * Put the finished image, the directory `made`, in the place of the directory
 * `place`, in one step as far as the file system can. true in *swapped: the
 * old one is now at `made`, for the caller to remove.
 */
int guest_cache_put(const char *made, const char *place, bool *swapped,
		    struct error *err);

/*
 * Remove an image from the cache. `key` is at least four hex digits, the first
 * ones of one key. EINVAL if it is not, ENOENT if no image in the cache has
 * it, EEXIST if several have.
 */
int guest_cache_remove(const char *key, struct error *err);

#endif
