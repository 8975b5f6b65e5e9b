/* SPDX-License-Identifier: MIT */
/* disk_copy.c - see disk_copy.h */
#include "host/vm/disk_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"

/* One range of data, which need not be copied in one go. */
static int copy_range(int from, int to, off_t start, off_t end)
{
	off_t in = start;
	off_t out = start;

	while (in < end) {
		ssize_t n = copy_file_range(from, &in, to, &out,
					    (size_t)(end - in), 0);

		if (n <= 0)
			return -1;
	}
	return 0;
}

static int copy_data(int from, int to, off_t size)
{
	off_t end = 0;

	if (ioctl(to, FICLONE, from) == 0)
		return 0;
	if (ftruncate(to, size) < 0)
		return -1;
	while (end < size) {
		off_t start = lseek(from, end, SEEK_DATA);

		if (start < 0)
			return errno == ENXIO ? 0
					      : -1; /* only a hole is left */
		end = lseek(from, start, SEEK_HOLE);
		if (end < 0 || copy_range(from, to, start, end) < 0)
			return -1;
	}
	return 0;
}

int disk_copy(int from_dir, const char *from_name, int to_dir,
	      const char *to_name, uint64_t size, struct error *err)
{
	autoclose int from = openat(from_dir, from_name, O_RDONLY | O_CLOEXEC);
	autoclose int to = -1;

	if (from < 0)
		return error_errno(err, "open '%s'", from_name);
	to = openat(to_dir, to_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);
	if (to < 0)
		return error_errno(err, "create '%s'", to_name);
	if (copy_data(from, to, (off_t)size) < 0) {
		error_errno(err, "copy '%s'", from_name);
		(void)unlinkat(to_dir, to_name, 0);
		return -1;
	}
	return 0;
}
