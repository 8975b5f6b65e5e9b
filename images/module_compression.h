/* SPDX-License-Identifier: MIT */
/* module_compression.h - how modules are compressed, and whether depmod copes */
#ifndef IMAGES_MODULE_COMPRESSION_H
#define IMAGES_MODULE_COMPRESSION_H

#include "guest/shared/error.h"

/*
 * Whether a depmod that says `about` of itself ("kmod version 30\n+ZSTD +XZ
 * -ZLIB ...") reads all modules below the directory `dir`: those that it does
 * not it passes over without a word. EINVAL if not; the message names the
 * kernel, of `version`, and has the command that unpacks them. What depmod
 * does not mention is taken to be there.
 */
int module_compression_check(const char *dir, const char *version,
			     const char *about, struct error *err);

#endif
