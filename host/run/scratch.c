/* SPDX-License-Identifier: MIT */
/* scratch.c - see state.h: the scratch disk, new or as a template has it */
#include <fcntl.h>
#include <unistd.h>

#include "host/run/state.h"
#include "host/vm/qemu.h"
#include "host/vm/scratch_disk.h"
#include "host/vm/scratch_master.h"

static uint64_t size_of(const struct run *run)
{
	return run->disk_size * RUN_MIB;
}

int run_new_scratch(struct run *run, struct error *err)
{
	struct message_prepare *prepare = &run->prepare;

	(void)unlinkat(run->dir.fd, QEMU_SCRATCH, 0);
	prepare->size = size_of(run);
	prepare->scratch = SCRATCH_FORMATTED;
	if (run->plan->no_template)
		prepare->scratch = SCRATCH_FORMAT;
	else if (scratch_master_copy(run->dir.fd, QEMU_SCRATCH, prepare->size,
				     run->guest.key, err) < 0)
		prepare->scratch = SCRATCH_KEEP;
	if (prepare->scratch == SCRATCH_FORMATTED)
		return 0;
	return scratch_disk_create(run->dir.fd, QEMU_SCRATCH, prepare->size,
				   err);
}

int run_template_scratch(struct run *run, const struct template *template,
			 struct error *err)
{
	(void)unlinkat(run->dir.fd, QEMU_SCRATCH, 0);
	return template_copy_scratch(template, run->dir.fd, size_of(run), err);
}

/* A master that cannot be kept is made another time: nobody need know. */
void run_keep_scratch(struct run *run)
{
	struct error ignored;

	run->cache_grew = true;
	(void)scratch_master_keep(run->dir.fd, QEMU_SCRATCH, size_of(run),
				  run->guest.key, &ignored);
}
