/* SPDX-License-Identifier: MIT */
/* device.h - finding the devices that QEMU gave the guest */
#ifndef GUEST_AGENT_DEVICE_H
#define GUEST_AGENT_DEVICE_H

#include "guest/shared/error.h"

#define DEVICE_PATH_MAX 64 /* bytes, "/dev/" and a kernel name */

/*
 * Start to listen for the kernel's announcements (NETLINK_KOBJECT_UEVENT).
 * To be called before the drivers are loaded, so that none is missed.
 */
int device_listen(struct error *err);

/*
 * Wait until a device of `class` (a directory of /sys) has an attribute of
 * this value, and write the path of its node. Names of kernel devices depend
 * on the order of probing, serial numbers and port names do not. ENODEV after
 * a minute, which only a missing device takes.
 */
int device_wait(const char *class, const char *attribute, const char *value,
		char path[DEVICE_PATH_MAX], struct error *err);

/*
 * Read the partition table of the disk, which has another one than when the
 * kernel found it, and no partition in use. What it has appears as the disk's
 * path with a number behind it.
 */
int device_find_partitions(const char *disk, struct error *err);

#endif
