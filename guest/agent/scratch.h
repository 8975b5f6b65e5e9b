/* SPDX-License-Identifier: MIT */
/* scratch.h - the scratch disk, formatted and mounted by the guest */
#ifndef GUEST_AGENT_SCRATCH_H
#define GUEST_AGENT_SCRATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "guest/shared/message.h"

/* The serial numbers that the host gives its two disks. */
#define SCRATCH_SERIAL "scratch"
#define LAYERS_SERIAL  "layers"

/* Wait for the disk with that serial number. As device_wait(). */
int scratch_find(struct error *err);

/* Make an ext4 file system of `size` bytes on it, all of it written when this
 * returns. */
int scratch_format(uint64_t size, struct error *err);

/*
 * Mount it on AGENT_DISK, make that the working directory, and make the
 * directories in it that hooks find.
 */
int scratch_mount(struct error *err);

/* EIO, if it has failed: kmsg_check_disk(). */
int scratch_check(struct error *err);

/* What of it, and else of /tmp, is used up, as far as that can be seen. */
enum message_lack scratch_lack(void);

#endif
