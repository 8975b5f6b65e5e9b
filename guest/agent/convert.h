/* SPDX-License-Identifier: MIT */
/* convert.h - an upper directory from overlayfs' form to that of OCI */
#ifndef GUEST_AGENT_CONVERT_H
#define GUEST_AGENT_CONVERT_H

#include "guest/agent/warn.h"
#include "guest/shared/error.h"

/*
 * Turn the upper directory `upper`, whose overlay is unmounted, into OCI form
 * in place, as the postUmount hook is to see it (S14):
 *
 *  - A whiteout of overlayfs, which is a character device 0:0 or an empty
 *    file with trusted.overlay.whiteout, becomes the empty file ".wh.NAME"
 *    if NAME exists in the tree below, and else nothing (W4, W11).
 *  - An opaque directory gets ".wh..wh..opq" if the tree below has a
 *    directory there (W4). Whiteouts in it say nothing more, and go.
 *  - xattrs of overlayfs go, from the root directory as well (W10).
 *
 * `lower` is the root of the merged lower layers, or -1 if there is no base;
 * both descriptors may be O_PATH and stay the caller's. Directories keep
 * their times. Nothing else may use the tree or change the working directory
 * meanwhile.
 *
 * Fails with EINVAL where a change cannot be expressed in a layer: a file
 * that is called ".wh.*" already (W8), a whiteout whose name is too long for
 * the prefix, and trusted.overlay.redirect and .metacopy (B33); with EXDEV
 * if something is mounted in the tree; and with what system calls say. The
 * tree is then half done.
 */
int upper_convert(int upper, int lower, const struct warn *warn,
		  struct error *err);

#endif
