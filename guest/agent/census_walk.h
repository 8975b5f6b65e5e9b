/* SPDX-License-Identifier: MIT */
/* census_walk.h - a census of the merged tree as the hooks have left it */
#ifndef GUEST_AGENT_CENSUS_WALK_H
#define GUEST_AGENT_CENSUS_WALK_H

#include "guest/shared/error.h"

/*
 * Send the census (census.h) of the tree `root` as frames CENSUS. `upper` is
 * the upper directory of its overlay, asked only which names are one file;
 * O_PATH is fine for both. Sockets are left out, which no layer has, and so is what belongs to
 * this machine (xattrs_drop_local). Shares nothing with what writes layers
 * but the reading of directories and xattrs. Nothing else may use the tree or
 * change the working directory meanwhile. Fails with EXDEV if something is
 * mounted in the tree, and with what system calls say.
 */
int census_walk_send(int root, int upper, int channel, struct error *err);

#endif
