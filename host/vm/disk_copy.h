/* SPDX-License-Identifier: MIT */
/* disk_copy.h - a sparse copy of a disk's file */
#ifndef HOST_VM_DISK_COPY_H
#define HOST_VM_DISK_COPY_H

#include <stdint.h>

#include "guest/shared/error.h"

/*
 * Copy a disk of `size` bytes, from a name in one directory to a new name in
 * another: as a clone that shares its blocks where the file system can, else
 * what of it is no hole. Fails with EEXIST, and what open(2), ioctl(2) and
 * copy_file_range(2) say; then nothing of that name is left behind.
 */
int disk_copy(int from_dir, const char *from_name, int to_dir,
	      const char *to_name, uint64_t size, struct error *err);

#endif
