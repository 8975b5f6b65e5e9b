/* SPDX-License-Identifier: MIT */
/* module_index.h - what depmod knows of a kernel's modules */
#ifndef IMAGES_MODULE_INDEX_H
#define IMAGES_MODULE_INDEX_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/kernel.h"

struct module_index {
	char *dir; /* owned; has modules.dep.bin and its like */
};

/*
 * The kernel's own directory of modules if depmod has been over it; else one
 * made below `scratch`, which leaves the kernel's directory as it is. ENOENT
 * if depmod is needed and this machine has none (package kmod), EINVAL if it does
 * not read modules that are compressed as these are.
 */
int module_index_make(struct module_index *index, const struct kernel *kernel,
		      const char *scratch, struct error *err);

void module_index_release(struct module_index *index);

DEFINE_AUTO(module_index, module_index_release)

#endif
