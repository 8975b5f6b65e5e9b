/* SPDX-License-Identifier: MIT */
/* revert.h - an upper directory from OCI form back to that of overlayfs */
#ifndef GUEST_AGENT_REVERT_H
#define GUEST_AGENT_REVERT_H

#include "guest/shared/error.h"

/*
 * Turn `upper`, as upper_convert() left it and nobody has touched since, into
 * a directory that can be a layer of an overlay: ".wh.NAME" becomes a
 * character device 0:0, and a directory with ".wh..wh..opq" is opaque.
 * Directories keep their times. The descriptor may be O_PATH and stays the
 * caller's. Fails with EINVAL for a marker without a name, and with what system
 * calls say; the tree is then half done.
 */
int upper_revert(int upper, struct error *err);

#endif
