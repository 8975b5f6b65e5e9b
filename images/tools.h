/* SPDX-License-Identifier: MIT */
/* tools.h - the programs of a guest, copied from this machine */
#ifndef IMAGES_TOOLS_H
#define IMAGES_TOOLS_H

#include "guest/shared/error.h"
#include "images/initramfs.h"
#include "images/name_list.h"

/*
 * Put the tools and the libraries that they need into the tree, and a link to
 * busybox for every applet that is no tool of its own. *added and *left_out
 * get the tools' names; what can be left out and is not on this machine goes
 * into the latter. ENOENT if one is missing that the guest cannot do without.
 */
int tools_add(struct initramfs *fs, struct name_list *added,
	      struct name_list *left_out, struct error *err);

/* The Debian package that has the tool; "" if it is none of the tools. */
const char *tools_package(const char *name);

#endif
