/* SPDX-License-Identifier: MIT */
/* scratch_disk.h - the empty disk that the guest formats and fills */
#ifndef HOST_VM_SCRATCH_DISK_H
#define HOST_VM_SCRATCH_DISK_H

#include <stdint.h>

#include "guest/shared/error.h"

/*
 * Create a sparse file of `size` bytes, `name` in the directory `dir`. It
 * takes no space until the guest writes to it.
 *
 * Fails with EINVAL if size is 0 or no multiple of 4096, with EFBIG or ENOSPC
 * if the file system cannot hold a file of that size, and with whatever
 * open(2) says. On failure nothing is left behind.
 */
int scratch_disk_create(int dir, const char *name, uint64_t size,
			struct error *err);

#endif
