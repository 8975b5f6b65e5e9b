/* SPDX-License-Identifier: MIT */
/* scratch_master.c - see scratch_master.h */
#include "host/vm/scratch_master.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "host/vm/disk_copy.h"
#include "host/vm/kept.h"

#define KIND "scratch"
#define DISK "disk"

static const char *const files[] = { DISK, NULL };

static int name_master(struct kept *kept, uint64_t size, const char *guest_key,
		       struct error *err)
{
	char key[128];

	(void)snprintf(key, sizeof(key), "%.64s-%" PRIu64, guest_key, size);
	return kept_name(kept, KIND, key, err);
}

int scratch_master_copy(int dir, const char *name, uint64_t size,
			const char *guest_key, struct error *err)
{
	AUTO(kept) kept = KEPT_NONE;

	if (name_master(&kept, size, guest_key, err) < 0)
		return -1;
	if (kept_open(&kept, files, err) < 0) {
		if (err->code == ESTALE)
			kept_drop(&kept);
		return -1;
	}
	return disk_copy(kept.fd, DISK, dir, name, size, err);
}

int scratch_master_keep(int dir, const char *name, uint64_t size,
			const char *guest_key, struct error *err)
{
	AUTO(kept) kept = KEPT_NONE;
	AUTO(kept_draft) draft = KEPT_DRAFT_NONE;

	if (name_master(&kept, size, guest_key, err) < 0 ||
	    kept_begin(&draft, KIND, err) < 0 ||
	    disk_copy(dir, name, draft.fd, DISK, size, err) < 0)
		return -1;
	return kept_publish(&draft, &kept, files, "", err);
}
