/* SPDX-License-Identifier: MIT */
/* boot_files.c - see boot_files.h */
#include "host/vm/boot_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "host/vm/qemu.h"

/*
 * QEMU takes the kernel apart at the end of its set-up code, which is at most
 * 64 sectors long (the kernel's Documentation/x86/boot.rst, setup_sects).
 */
#define KERNEL_HEAD    (64 * 1024) /* bytes */
#define INITRAMFS_HEAD 512	   /* bytes */

static int place_head(int dir, const char *source, const char *name,
		      size_t size, struct error *err)
{
	char head[KERNEL_HEAD];
	autoclose int from = open(source, O_RDONLY | O_CLOEXEC);
	autoclose int to = -1;
	ssize_t length;

	if (from < 0)
		return error_errno(err, "open '%s'", source);
	length = io_read(from, head, size);
	if (length < 0)
		return error_errno(err, "read '%s'", source);
	to = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0 || io_write(to, head, (size_t)length) < 0)
		return error_errno(err, "write '%s'", name);
	return 0;
}

static int place_link(int dir, const char *source, const char *name,
		      struct error *err)
{
	if (symlinkat(source, dir, name) < 0)
		return error_errno(err, "link '%s'", source);
	return 0;
}

int boot_files_place(int dir, const char *kernel, const char *initramfs,
		     bool whole, struct error *err)
{
	(void)unlinkat(dir, QEMU_KERNEL, 0);
	(void)unlinkat(dir, QEMU_INITRAMFS, 0);
	if (whole)
		return place_link(dir, kernel, QEMU_KERNEL, err) < 0
			       ? -1
			       : place_link(dir, initramfs, QEMU_INITRAMFS,
					    err);
	return place_head(dir, kernel, QEMU_KERNEL, KERNEL_HEAD, err) < 0
		       ? -1
		       : place_head(dir, initramfs, QEMU_INITRAMFS,
				    INITRAMFS_HEAD, err);
}
