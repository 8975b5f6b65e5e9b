/* SPDX-License-Identifier: MIT */
/* scratch_disk.c - see scratch_disk.h */
#include "host/vm/scratch_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"

#define BLOCK_SIZE 4096 /* bytes */

int scratch_disk_create(int dir, const char *name, uint64_t size,
			struct error *err)
{
	autoclose int fd = -1;

	if (size == 0 || size > INT64_MAX || size % BLOCK_SIZE != 0)
		return error_set(err, EINVAL,
				 "disk size %" PRIu64 " is not a positive "
				 "multiple of %d",
				 size, BLOCK_SIZE);
	fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno(err, "create '%s'", name);
	if (ftruncate(fd, (off_t)size) < 0) {
		error_errno(err, "grow '%s' to %" PRIu64 " bytes", name, size);
		(void)unlinkat(dir, name, 0);
		return -1;
	}
	return 0;
}
