/* SPDX-License-Identifier: MIT */
/* qemu.c - see qemu.h */
#include "host/vm/qemu.h"

#include <inttypes.h>

/*
 * What the guest does not know of, it does not use, and under emulation these
 * are the dear ones: with erms alone, unpacking takes half as long again.
 * AVX2 and rdrand stay, for images that are built for x86-64-v3 and for the
 * random pool.
 */
#define TCG_CPU "max,la57=off,smap=off,smep=off,umip=off,erms=off,pku=off"

/*
 * A guest that lives for one run, runs one user's code and is never reached
 * from outside needs no mitigations. panic=-1: reboot at once, which
 * -no-reboot turns into the end of QEMU. no_timer_check: the kernel counts
 * ticks while it spins, and where other processes keep an emulated CPU from
 * running it sees none and panics (kernel-parameters.txt).
 */
#define KERNEL_ARGUMENTS                                                       \
	"console=ttyS0 quiet mitigations=off nokaslr init_on_alloc=0 "         \
	"cryptomgr.notests random.trust_cpu=on no_timer_check panic=-1"

static void add_machine(struct args *args, const struct qemu *qemu)
{
	args_add(args, "-no-user-config");
	args_add(args, "-nodefaults");
	args_add(args, "-no-reboot");
	if (!qemu->no_sandbox)
		args_add_pair(args, "-sandbox",
			      "on,obsolete=deny,elevateprivileges=deny,"
			      "spawn=deny,resourcecontrol=deny");
	args_add_pair(args, "-display", "none");
	args_add_pair(args, "-machine", "q35,usb=off,vmport=off,graphics=off%s",
		      qemu->start == QEMU_BOOT ? "" : ",memory-backend=ram");
	if (qemu->kvm) {
		args_add_pair(args, "-accel", "kvm");
		args_add_pair(args, "-cpu", "host");
	} else {
		args_add_pair(args, "-accel",
			      "tcg,thread=multi,tb-size=64"); /* MiB */
		args_add_pair(args, "-cpu", TCG_CPU);
	}
	args_add_pair(args, "-m", "%" PRIu64, qemu->memory);
	args_add_pair(args, "-smp", "%u", qemu->cpus);
}

static void add_kernel(struct args *args)
{
	args_add_pair(args, "-kernel", QEMU_KERNEL);
	args_add_pair(args, "-initrd", QEMU_INITRAMFS);
	args_add_pair(args, "-append", KERNEL_ARGUMENTS);
}

static void add_ports(struct args *args)
{
	args_add_pair(args, "-chardev", "socket,id=control,fd=%d",
		      QEMU_CONTROL_FD);
	args_add_pair(args, "-device", "virtio-serial-pci,max_ports=2");
	args_add_pair(args, "-device",
		      "virtserialport,chardev=control,name=overlayvm");
	args_add_pair(args, "-chardev", "socket,id=console,fd=%d",
		      QEMU_CONSOLE_FD);
	args_add_pair(args, "-serial", "chardev:console");
}

/*
 * A guest that was saved knows the layers disk by this size, whatever it has
 * when it is restored: the host tells it what it needs to know, and what lies
 * beyond the end cannot be read. No disk is larger.
 */
#define PLACEHOLDER "1152921504606846976" /* bytes: 1 EiB */

/*
 * The formats are named, so that QEMU never guesses one from what a guest has
 * written. The scratch disk is thrown away: flushing it would be a waste. A
 * write that this host has no room for is the guest's to know of: QEMU would
 * stop the machine, and wait for room. A
 * layers disk that there is not yet, or not at all, is an empty one: the
 * devices stay the same.
 */
static void add_disks(struct args *args, const struct qemu *qemu)
{
	bool layers = qemu->layers && qemu->start != QEMU_MAKE;

	args_add_pair(args, "-blockdev",
		      "driver=raw,node-name=scratch,cache.no-flush=on,"
		      "discard=unmap,file.driver=file,"
		      "file.filename=" QEMU_SCRATCH);
	args_add_pair(args, "-device",
		      "virtio-blk-pci,drive=scratch,serial=scratch,"
		      "werror=report,rerror=report");
	args_add_pair(args, "-blockdev",
		      layers ? "driver=vmdk,node-name=layers,read-only=on,"
			       "file.driver=file,file.filename=" QEMU_LAYERS
			     : "driver=null-co,node-name=layers,"
			       "size=" PLACEHOLDER
			       ",read-zeroes=on,read-only=on");
	args_add_pair(args, "-device",
		      "virtio-blk-pci,drive=layers,serial=layers");
}

/*
 * The host's own address is not the guest's to know. The frames on a socket are
 * those of -netdev stream, too, which QEMU has from 7.2 on. No ROM: it never
 * boots from there.
 */
static void add_network(struct args *args, const struct qemu *qemu)
{
	if (qemu->network == QEMU_NETWORK_NONE)
		return;
	if (qemu->network == QEMU_NETWORK_USER)
		args_add_pair(args, "-netdev", "user,id=net,ipv6=off");
	else
		args_add_pair(args, "-netdev", "socket,id=net,fd=%d",
			      QEMU_NETWORK_FD);
	args_add_pair(args, "-device", "virtio-net-pci,netdev=net,romfile=");
}

/*
 * While the memory is in a file that both share, saving writes the devices
 * only; restoring maps it privately, so that all machines share what none of
 * them writes (QEMU, migration capability x-ignore-shared).
 */
static void add_start(struct args *args, const struct qemu *qemu)
{
	if (qemu->start == QEMU_BOOT)
		return;
	args_add_pair(args, "-object",
		      "memory-backend-file,id=ram,size=%" PRIu64
		      "M,mem-path=" QEMU_RAM ",share=%s",
		      qemu->memory, qemu->start == QEMU_MAKE ? "on" : "off");
	args_add_pair(args, "-chardev", "socket,id=monitor,fd=%d",
		      QEMU_MONITOR_FD);
	args_add_pair(args, "-mon", "chardev=monitor,mode=control");
	if (qemu->start == QEMU_RESTORE)
		args_add_pair(args, "-incoming", "defer");
}

int qemu_args(struct args *args, const struct qemu *qemu, struct error *err)
{
	args_add(args, qemu->program);
	add_machine(args, qemu);
	add_kernel(args);
	add_ports(args);
	add_disks(args, qemu);
	add_network(args, qemu);
	add_start(args, qemu);
	return args_finish(args, err);
}
