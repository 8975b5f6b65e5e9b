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
#define QEMU_RAM       "ram"

/* The descriptors that QEMU inherits. */
#define QEMU_CONTROL_FD 3 /* the virtio-serial port of the conversation */
#define QEMU_CONSOLE_FD 4 /* what the guest's kernel prints */
#define QEMU_MONITOR_FD 5 /* QMP */
#define QEMU_STATE_FD	6 /* what a machine is restored from */
#define QEMU_NETWORK_FD 7 /* the frames of the guest's card */

/*
 * How the machine comes to life. The three differ in where the memory is, and
 * in what stands for the disks, and must be the same in all else: a machine
 * is restored into one that is built as it was.
 */
enum qemu_start {
	QEMU_BOOT,    /* boot, and run */
	QEMU_MAKE,    /* boot, to be saved: memory in a file, no layers yet */
	QEMU_RESTORE, /* what was saved, with a private copy of that memory */
};

/*
 * What is behind the guest's card, of which the guest sees nothing: a machine
 * that is saved with one of them can be restored with the other.
 */
enum qemu_network {
	QEMU_NETWORK_NONE,   /* no card either */
	QEMU_NETWORK_USER,   /* QEMU itself, with sockets of this host */
	QEMU_NETWORK_SOCKET, /* whoever has the other end of QEMU_NETWORK_FD */
};

struct qemu {
	const char *program; /* borrowed */
	bool kvm;	     /* else TCG */
	uint64_t memory;     /* MiB */
	unsigned cpus;
	bool layers; /* there is a layers disk, else a stand-in */
	enum qemu_start start;
	enum qemu_network network;
	bool no_sandbox; /* this QEMU has no filter of system calls */
};

/*
 * The whole argument list, a pure function of *qemu. *args must be { 0 }; it
 * owns the words. ENOMEM is the only failure.
 */
int qemu_args(struct args *args, const struct qemu *qemu, struct error *err);

#endif
