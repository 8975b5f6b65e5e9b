/* SPDX-License-Identifier: MIT */
/* scratch_master.h - scratch disks that a guest has formatted, kept by size */
#ifndef HOST_VM_SCRATCH_MASTER_H
#define HOST_VM_SCRATCH_MASTER_H

#include <stdint.h>

#include "guest/shared/error.h"

/*
 * Formatting takes an emulated guest a sixth of a second, and gives the same
 * each time: a few megabytes in a sparse file. A master belongs to a size and
 * to a guest image, whose mke2fs and options it comes from; it is kept when
 * the guest says FORMATTED, and by then has seen nothing of the user's.
 */

/*
 * Make `name` in the directory `dir` a copy of the master for disks of `size`
 * bytes, sharing blocks where the file system can. ENOENT if there is none;
 * on any failure there is no file of that name.
 */
int scratch_master_copy(int dir, const char *name, uint64_t size,
			const char *guest_key, struct error *err);

/* Keep a copy of that disk as the master. */
int scratch_master_keep(int dir, const char *name, uint64_t size,
			const char *guest_key, struct error *err);

#endif
