/* SPDX-License-Identifier: MIT */
/* target.c - see target.h */
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "guest/shared/io.h"

int target_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0 || io_write(fd, data, size) < 0)
		abort();
	return fd;
}
