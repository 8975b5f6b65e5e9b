/* SPDX-License-Identifier: MIT */
/* fit.h - sizes of the machine that go with the image */
#ifndef HOST_RUN_FIT_H
#define HOST_RUN_FIT_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/run/state.h"

/* What the layers hold when they are unpacked. */
struct fit_needs {
	uint64_t size;	  /* bytes of all files */
	uint64_t entries; /* of all tars */
};

/*
 * MiB for the scratch disk with --disk-size auto: hooks may touch every file of
 * the image, which copies it up, and get 1 GiB beside. Rounded up to a power
 * of two: templates and scratch masters are of one size, and few sizes share
 * them. The disk is sparse; what nobody writes takes no room.
 */
uint64_t fit_disk(const struct fit_needs *needs);

/*
 * MiB for --memory auto: 512, and 1 KiB for each entry, as the kernel keeps
 * what it has looked up; rounded up to a power of two, at most half of what
 * the host has, but 512 at least.
 */
uint64_t fit_memory(const struct fit_needs *needs, uint64_t host_memory);

/*
 * Decide run->disk_size and run->memory: the plan's, or for `auto` what fits
 * the layers. A disk that is larger than what is free becomes as small as the
 * layers that are unpacked allow; ENOSPC if those have no room.
 */
int run_fit(struct run *run, struct error *err);

#endif
