/* SPDX-License-Identifier: MIT */
/* confine.h - what is left to a QEMU that a guest has taken over */
#ifndef HOST_VM_CONFINE_H
#define HOST_VM_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/jail/filter.h"
#include "host/jail/landlock.h"

/*
 * A QEMU gets no new privileges, no process, no socket unless it is to be the
 * guest's network itself, no core file, of
 * the environment what it takes to find libraries, and where the kernel has Landlock no file but these: to write, its scratch disk
 * and the memory file of its template (QEMU before 8.2 wants to; kept.h says
 * why that is no harm); to read, its kernel, initramfs and layers; and its own
 * programs, libraries and firmware. Besides it has its descriptors.
 */
struct confine_options {
	const char *program; /* path of QEMU */
	int dir;	     /* the run directory, with the names of qemu.h */
	size_t layers;	     /* extents of the layers disk */
	bool kvm;
	bool network; /* QEMU_NETWORK_USER: sockets, and who resolves names */
	uint64_t memory;    /* bytes that the guest has */
	uint64_t file_size; /* bytes that its largest file may have */
};

/* What it came to; plain data, for the report. */
struct confinement {
	bool sandbox;	   /* QEMU's own filter of system calls, -sandbox */
	bool filter;	   /* ours */
	unsigned landlock; /* version of the kernel's; 0: none */
};

struct confine {
	struct landlock landlock;
	struct filter filter;
	uint64_t memory;    /* bytes of address space */
	uint64_t file_size; /* bytes */
	uint64_t files;	    /* descriptors */
	char **environment; /* owned, its strings are this process' */
};

#define CONFINE_NONE                                                           \
	{                                                                      \
		.landlock = LANDLOCK_NONE                                      \
	}

/*
 * Make what confine_enter() needs. The files must be in their places: a link
 * in the run directory stands for the file that it leads to now. What this
 * kernel lacks is no failure; *confinement says what there is, but for
 * `sandbox`, which is left as it was.
 */
int confine_make(struct confine *confine, const struct confine_options *options,
		 struct confinement *confinement, struct error *err);

/*
 * What of this process' environment a program gets; what else the user has
 * there is the user's. The caller's to free(), the strings stay. ENOMEM.
 */
int confine_environment(char ***environment, struct error *err);

/*
 * Confine this process, for good; between fork(2) and execve(2). -1 with
 * errno.
 */
int confine_enter(const struct confine *confine);

void confine_release(struct confine *confine);

DEFINE_AUTO(confine, confine_release)

#endif
