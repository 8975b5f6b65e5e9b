/* SPDX-License-Identifier: MIT */
/* place.h - directories in which guest images are looked for and made */
#ifndef IMAGES_PLACE_H
#define IMAGES_PLACE_H

#include "guest/shared/error.h"

/* What comes back in *dir is the caller's to free. */

/*
 * The directory in the cache for things of one kind ("guest", "templates"):
 * below OVERLAYVM_CACHE, XDG_CACHE_HOME/overlayvm or ~/.cache/overlayvm. It
 * need not exist. ENOENT if none of the three is set; as the XDG specification
 * wants it, only absolute paths count in XDG_CACHE_HOME and HOME.
 */
int place_cached(const char *kind, char **dir, struct error *err);

/* That of the guest images. */
int place_cache(char **dir, struct error *err);

/* The directory that the running program lies in. */
int place_program(char **dir, struct error *err);

/*
 * The directory that liboverlayvm lies in; NULL where the program has the same
 * code in itself.
 */
int place_library(char **dir, struct error *err);

/* Where large temporary files go: OVERLAYVM_TMPDIR, TMPDIR, /var/tmp. */
const char *place_temporary(void);

/* Make a directory and its parents, as mkdir -p does; mode by the umask. */
int place_make(const char *dir, struct error *err);

#endif
