/* SPDX-License-Identifier: MIT */
/* kernel.h - the kernel that a guest image is made of, and its modules */
#ifndef IMAGES_KERNEL_H
#define IMAGES_KERNEL_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/distribution.h"

#define KERNEL_VERSION_MAX 95 /* bytes; HELLO carries no more */

struct kernel {
	char *image;   /* owned; path of the bzImage */
	char *version; /* owned; as uname -r says it: "6.1.0-56-cloud-amd64" */
	char *modules; /* owned; directory: modules.*, kernel/... */
	const char *root; /* borrowed; what is below it is taken for this
			   * machine's; NULL, but in tests: its own root */
};

/*
 * Take a kernel from `path`, a bzImage or a package, and its modules from
 * `modules`, a directory or a package. `modules` NULL: out of the same package
 * or, if it has none or `path` is a bzImage, from /lib/modules/VERSION of this
 * machine. What packages hold is unpacked below `scratch`, a private directory
 * that must outlive *kernel. kernel->root is as it was set before. EINVAL if one
 * is not what it should be, EACCES if `path` cannot be read, ENOENT if there are
 * no modules; where a command cures it the message has that.
 */
int kernel_open(struct kernel *kernel, const char *path, const char *modules,
		const char *scratch, struct error *err);

/*
 * The kernel to use when nobody named one: the newest of
 * ROOT/lib/modules/VERSION/vmlinuz, else the newest of ROOT/boot/vmlinuz-*;
 * of those that can be read before those that cannot. `root` is "" but in
 * tests. *path is the caller's to free. EACCES if all that there is cannot be
 * read, ENOENT if there is none; both messages have the cure.
 */
int kernel_find(char **path, const char *root, struct error *err);

/*
 * The commands that make a guest image on this machine: those of the message of
 * kernel_find(), or, where that finds one or OVERLAYVM_KERNEL names one,
 * "overlayvm guest build" alone.
 */
void kernel_find_cure(char cure[DISTRIBUTION_CURE], const char *root);

/*
 * What a bzImage says of its version (Documentation/arch/x86/boot.rst,
 * kernel_version). *version is the caller's to free. EINVAL if the file is no
 * kernel, one of another architecture, or has a version that cannot be the
 * name of a directory.
 */
int kernel_read_version(char **version, const char *path, struct error *err);

void kernel_release(struct kernel *kernel);

DEFINE_AUTO(kernel, kernel_release)

#endif
