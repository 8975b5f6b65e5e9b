/* SPDX-License-Identifier: MIT */
/* modules.h - the kernel modules of a guest, in the order they load in */
#ifndef IMAGES_MODULES_H
#define IMAGES_MODULES_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/blob.h"
#include "images/kernel.h"
#include "images/name_list.h"

/* One file to load, after all that come before it. */
struct module {
	char *name;   /* owned: "virtio_blk" */
	char *path;   /* owned; of the .ko, .ko.xz, .ko.zst or .ko.gz */
	bool network; /* only a guest with a network needs it */
};

struct modules {
	struct module *list; /* owned */
	size_t count;
	struct name_list features; /* what the guest does, by the names of the
				    * modules, be they files or built in */
};

/*
 * Find the modules that a guest needs and those that they need. What the
 * kernel has built in is left out. If nobody has run depmod over the kernel's
 * directory of modules, as in a fresh package, that is done below `scratch`.
 *
 * ENOENT if the kernel lacks something that the guest cannot do without; the
 * message names it with its option in the kernel's configuration, and how one
 * gets a kernel that has it.
 */
int modules_resolve(struct modules *modules, const struct kernel *kernel,
		    const char *scratch, struct error *err);

/*
 * Which of the features that each guest needs, or that only one with a
 * network does, is not among these; the first. NULL if there is none. Static
 * storage.
 */
const char *modules_lacking(const struct name_list *features, bool network);

void modules_release(struct modules *modules);

DEFINE_AUTO(modules, modules_release)

/*
 * The content of a module as the guest gets it: unpacked, and without the
 * signature at its end, which would only cost time to check (linux/include
 * /linux/module_signature.h). EINVAL if it is not a module for x86_64, or not
 * the whole of one.
 */
int module_read(struct blob *blob, const char *path, struct error *err);

/*
 * EINVAL if the module's content says that it is for another kernel than this
 * one: the guest's would not load it (vermagic: linux/include/linux
 * /vermagic.h). One that says nothing passes.
 */
int module_check_kernel(const struct blob *blob, const char *name,
			const struct kernel *kernel, struct error *err);

#endif
