/* SPDX-License-Identifier: MIT */
/* container.h - a tree as the root of a process, with file systems of its own */
#ifndef GUEST_AGENT_CONTAINER_H
#define GUEST_AGENT_CONTAINER_H

#include "guest/shared/error.h"

/*
 * For a process that is alone in a mount and a PID namespace: make the mount
 * `tree` its root, and mount in it what a container finds there, on the
 * directories of points.h (OCI runtime-spec, config-linux.md, "Default
 * Filesystems" and "Default Devices"): /proc, /sys read-only, /dev with the
 * devices that everybody has, and an empty /tmp. Fails with what mount(2),
 * mknod(2) and chroot(2) say.
 */
int container_enter(const char *tree, struct error *err);

#endif
