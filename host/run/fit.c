/* SPDX-License-Identifier: MIT */
/* fit.c - see fit.h */
#include "host/run/fit.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/statvfs.h>

#include "host/run/lack.h"

#define HOOKS_ROOM 1024		 /* MiB of disk */
#define MEMORY	   UINT64_C(512) /* MiB */
#define PER_ENTRY  1024		 /* bytes of memory */

static uint64_t power_of_two(uint64_t least)
{
	uint64_t power = 1;

	while (power < least && power < UINT64_C(1) << 62)
		power *= 2;
	return power;
}

uint64_t fit_disk(const struct fit_needs *needs)
{
	return power_of_two(lack_disk_size(needs->size, needs->entries) +
			    HOOKS_ROOM - LACK_SPARE);
}

uint64_t fit_memory(const struct fit_needs *needs, uint64_t host_memory)
{
	uint64_t wanted =
		power_of_two(MEMORY + needs->entries * PER_ENTRY / RUN_MIB);

	while (wanted > MEMORY && wanted > host_memory / 2)
		wanted /= 2;
	return wanted < MEMORY ? MEMORY : wanted;
}

/* Of all layers, and of those that go onto the disk whatever hooks do. */
static int measure(const struct run *run, struct fit_needs *all,
		   struct fit_needs *unpacked, struct error *err)
{
	const struct layering *layering = &run->layering;

	for (size_t i = 0; i < layering->count; i++) {
		const struct record_layer *record = layering->layers[i].record;
		struct fit_needs layer = { 0 };

		if (record)
			layer = (struct fit_needs){ record->size,
						    record->entries };
		else if (layering->layers[i].way == LAYERING_UNPACK &&
			 lack_measure(&run->image.layers[i], &layer.size,
				      &layer.entries, err) < 0)
			return -1;
		all->size += layer.size;
		all->entries += layer.entries;
		if (record)
			continue;
		unpacked->size += layer.size;
		unpacked->entries += layer.entries;
	}
	return 0;
}

static uint64_t free_mib(const struct run *run)
{
	struct statvfs fs;

	if (fstatvfs(run->dir.fd, &fs) < 0)
		return UINT64_MAX;
	return (uint64_t)fs.f_bavail * fs.f_frsize / RUN_MIB;
}

static int fit_to_host(struct run *run, const struct fit_needs *unpacked,
		       struct error *err)
{
	uint64_t least = lack_disk_size(unpacked->size, unpacked->entries);
	uint64_t room = free_mib(run);

	while (run->disk_size > room && run->disk_size / 2 >= least &&
	       run->disk_size / 2 >= HOOKS_ROOM)
		run->disk_size /= 2;
	if (least <= room)
		return 0;
	return error_set(err, ENOSPC,
			 "--disk-size auto: the layers need %" PRIu64
			 " MiB, and %" PRIu64 " are free in '%s' "
			 "(OVERLAYVM_TMPDIR names another place)",
			 least, room, run->plan->tmpdir);
}

int run_fit(struct run *run, struct error *err)
{
	const struct plan *plan = run->plan;
	struct fit_needs all = { 0 };
	struct fit_needs unpacked = { 0 };
	bool automatic =
		plan->disk_size == PLAN_FIT || plan->memory == PLAN_FIT;

	if (automatic && measure(run, &all, &unpacked, err) < 0)
		return -1;
	run->disk_size = plan->disk_size;
	run->memory = plan->memory;
	if (run->memory == PLAN_FIT)
		run->memory = fit_memory(&all, plan->host_memory);
	if (run->disk_size == PLAN_FIT) {
		run->disk_size = fit_disk(&all);
		if (fit_to_host(run, &unpacked, err) < 0)
			return -1;
	}
	run->result->disk_size = run->disk_size;
	run->result->memory = run->memory;
	return 0;
}
