/* SPDX-License-Identifier: MIT */
/* layer_make.h - make one file, symlink or device with all its attributes */
#ifndef GUEST_SHARED_LAYER_MAKE_H
#define GUEST_SHARED_LAYER_MAKE_H

#include <sys/types.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_sink.h"

/* The owner that the kernel gives to new files; saves a call for most. */
struct layer_owner {
	uid_t uid;
	gid_t gid;
};

/*
 * Make `entry`, anything but a directory, as `base` in the directory `parent`,
 * where no such name is. The umask is 0. The last component is never followed.
 */
int layer_make(int parent, const char *base, const struct layer_entry *entry,
	       struct layer_data *data, const struct layer_owner *owner,
	       struct error *err);

/* Give an open directory, made with `made_mode` by *made_by, its attributes.
 * NULL: nothing is known of how it was made. */
int layer_make_attributes(int fd, const struct layer_entry *entry,
			  mode_t made_mode, const struct layer_owner *made_by,
			  struct error *err);

#endif
