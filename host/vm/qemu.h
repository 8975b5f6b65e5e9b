/* SPDX-License-Identifier: MIT */
/* qemu.h - QEMU's command line */
#ifndef HOST_VM_QEMU_H
#define HOST_VM_QEMU_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "host/vm/args.h"

/*
 * QEMU runs in the run directory and knows all files by these names there:
 * so no path of the user's, with whatever characters, is ever parsed by it.
 */
#define QEMU_KERNEL    "kernel"
#define QEMU_INITRAMFS "initramfs"
#define QEMU_SCRATCH   "scratch.img"
#define QEMU_LAYERS    "layers.vmdk"

/* The descriptors that QEMU inherits. */
#define QEMU_CONTROL_FD 3 /* the virtio-serial port of the conversation */
#define QEMU_CONSOLE_FD 4 /* what the guest's kernel prints */

struct qemu {
	const char *program; /* borrowed */
	bool kvm;	     /* else TCG */
	uint64_t memory;     /* MiB */
	unsigned cpus;
	bool layers; /* there is a layers disk */
};

/*
 * The whole argument list, a pure function of *qemu. *args must be { 0 }; it
 * owns the words. ENOMEM is the only failure.
 */
int qemu_args(struct args *args, const struct qemu *qemu, struct error *err);

#endif
