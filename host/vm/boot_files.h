/* SPDX-License-Identifier: MIT */
/* boot_files.h - the kernel and the initramfs, where QEMU looks for them */
#ifndef HOST_VM_BOOT_FILES_H
#define HOST_VM_BOOT_FILES_H

#include <stdbool.h>

#include "guest/shared/error.h"

/*
 * Put both into the directory `dir` by QEMU's names (qemu.h), in the place of
 * what has these names there. A machine that boots needs them whole, which are
 * links. One that is restored has them in its memory already: QEMU loads what
 * there is and never looks at it again, so it gets no more than the beginning
 * of each, which saves the time to read and the memory to hold the rest.
 */
int boot_files_place(int dir, const char *kernel, const char *initramfs,
		     bool whole, struct error *err);

#endif
