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
 * The disks are not bound to their driver while the machine may be saved: one
 * that is restored has others, and their sizes are read when they are bound.
 * device_hold() is called when the ports are bound and before the driver of
 * the disks is loaded; device_bind() lets it have them.
 */
int device_hold(struct error *err);
int device_bind(struct error *err);

/*
 * Wait until a device of `class` (a directory of /sys) has an attribute of
 * this value, and write the path of its node. Names of kernel devices depend
 * on the order of probing, serial numbers and port names do not. ENODEV after
 * a minute, which only a missing device takes.
 */
int device_wait(const char *class, const char *attribute, const char *value,
		char path[DEVICE_PATH_MAX], struct error *err);

/* The same for a node whose path is known: a partition's. */
int device_wait_node(const char *path, struct error *err);

#endif
