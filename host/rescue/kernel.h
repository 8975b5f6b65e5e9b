/* SPDX-License-Identifier: MIT */
/* kernel.h - the kernel that libguestfs makes its appliance of */
#ifndef HOST_RESCUE_KERNEL_H
#define HOST_RESCUE_KERNEL_H

#include "guest/shared/error.h"

/*
 * Asked when the appliance did not start: whether it was for want of a kernel.
 * 0 if one can be read, by the rules of supermin(1), or if a directory of
 * `path`, separated by colons, has a fixed appliance, which needs none. Else
 * the code of access(2), or ENOENT, with the cure.
 */
int kernel_check(const char *path, struct error *err);

#endif
