/* SPDX-License-Identifier: MIT */
/* kmsg.h - what the kernel has to say of a disk: that it fails */
#ifndef GUEST_AGENT_KMSG_H
#define GUEST_AGENT_KMSG_H

#include "guest/shared/error.h"

/*
 * A write that fails long after write(2) has taken the bytes is nobody's: the
 * page may be dropped then, and be read again as what was there before. Only
 * fsync(2), which takes as long as all writing does, would say so; and the
 * kernel's log, which costs nothing (linux/Documentation/ABI/testing/dev-kmsg).
 */

/* From now on the kernel is listened to. */
int kmsg_open(struct error *err);

/*
 * EIO, with the kernel's words, if it has complained since kmsg_open() of the
 * disk of this name, "vda", or of a file system on it. What processes write
 * into its log does not count.
 */
int kmsg_check_disk(const char *name, struct error *err);

#endif
