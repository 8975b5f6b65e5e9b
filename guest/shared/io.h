/* SPDX-License-Identifier: MIT */
/* io.h - whole reads and writes, in spite of signals and short counts */
#ifndef GUEST_SHARED_IO_H
#define GUEST_SHARED_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * All return the bytes moved, which is `size` unless the file ended, or -1
 * with errno set. Interrupted calls go on; callers that must end on a signal
 * look for it between calls. The descriptor must be in blocking mode.
 */
ssize_t io_read(int fd, void *buf, size_t size);
ssize_t io_pread(int fd, void *buf, size_t size, uint64_t offset);
ssize_t io_write(int fd, const void *buf, size_t size);

#endif
