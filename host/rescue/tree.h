/* SPDX-License-Identifier: MIT */
/* tree.h - a directory of the disk as the tar of a layer */
#ifndef HOST_RESCUE_TREE_H
#define HOST_RESCUE_TREE_H

#include <stdbool.h>

#include "guest/shared/error.h"
#include "guest/shared/layer_write.h"
#include "host/rescue/marking.h"

#define TREE_PLACE_MAX 64 /* bytes, "/image/N/layer" */

/*
 * Write the directory `place`, an upper directory or what was one, absolute on
 * the disk, as a layer to the end of `fd`: what upper_convert() and
 * upper_write() would make of it (guest/agent/). Sockets are left out with a
 * warning. With `names_only`, for base_add(), files have no content. Fails as
 * those do; with E2BIG beyond what layer_check() takes, with
 * ENAMETOOLONG beyond PATH_SIZE, and with what libguestfs says.
 */
int tree_write(const struct marking *marking, const char *place, int fd,
	       const struct layer_write_options *options, bool names_only,
	       struct error *err);

#endif
